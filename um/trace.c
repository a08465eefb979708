/* Where --strace prints: standard error, a line at a time as strace does, or the file of -o, buffered until umk sleeps. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "um.h"

static int trace_fd = 2;
static char buffer[65536];
static size_t used;

static void put(const char *text, size_t size)
{
	while (size) {
		ssize_t n = write(trace_fd, text, size);

		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			text += n;
			size -= (size_t)n;
		}
	}
}

void trace_open(const char *path)
{
	trace_fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666 & ~umk_options.umask);
	if (trace_fd < 0) {
		trace_fd = 2;
		um_die(125, "-o %s: %s", path, strerror(errno));
	}
}

void trace_flush(void)
{
	put(buffer, used);
	used = 0;
}

void host_trace(const char *text, size_t size)
{
	if (trace_fd == 2) {
		if (!console_closed[2])
			put(text, size);
		return;
	}
	if (size > sizeof(buffer) - used)
		trace_flush();
	if (size > sizeof(buffer)) {
		put(text, size);
		return;
	}
	memcpy(buffer + used, text, size);
	used += size;
}
