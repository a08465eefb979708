/* The file that UMK_COVERAGE names, for the kernel's record of what the tests exercised. Several umks may append to one
 * file. */
#include "host.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int coverage_fd = -1;

bool host_coverage_on(void)
{
	const char *path = getenv("UMK_COVERAGE");

	if (path && *path)
		coverage_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666 & ~umk_options.umask);
	return coverage_fd >= 0;
}

void host_coverage_write(const char *text, size_t size)
{
	ssize_t unused = write(coverage_fd, text, size);

	(void)unused;
}
