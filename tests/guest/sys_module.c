// needs-root: opens parameters for writing
// musl
/* /sys/module: the parameters of tcp_cubic, their modes, and what may be written there. Nothing is changed. */
#include "show.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#define P "/sys/module/tcp_cubic/parameters/"

static void try_write(const char *file, const char *text)
{
	char path[128];
	int fd;
	long n;

	snprintf(path, sizeof(path), P "%s", file);
	fd = open(path, O_WRONLY | O_TRUNC);
	if (fd < 0) {
		printf("open %s: %s\n", file, errno_name(errno));
		return;
	}
	n = write(fd, text, strlen(text));
	printf("%s <- \"%.12s\": %ld %s\n", file, text, n, n < 0 ? errno_name(errno) : "");
	close(fd);
}

int main(void)
{
	static const char *const names[] = { "beta", "bic_scale", "fast_convergence", "hystart", "hystart_ack_delta_us",
		"hystart_detect", "hystart_low_window", "initial_ssthresh", "tcp_friendliness", "nothing" };
	char path[128], text[64] = "";
	struct dirent *e;
	struct stat st;
	DIR *d = opendir("/sys/module/tcp_cubic/parameters");
	int n = 0, fd;

	while (d && (e = readdir(d)))
		n += e->d_type == DT_REG;
	printf("%d files\n", n);
	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), P "%s", names[i]);
		if (stat(path, &st))
			printf("%s: %s\n", names[i], errno_name(errno));
		else
			printf("%s: %o %ld\n", names[i], st.st_mode, (long)st.st_size);
	}
	fd = open(P "bic_scale", O_RDONLY);
	printf("read %ld", (long)read(fd, text, sizeof(text)));
	printf(" %ld\n", (long)read(fd, text + 32, 1));
	printf("bic_scale %s", text);
	lseek(fd, 1, SEEK_SET);
	printf("read %ld\n", (long)read(fd, text, sizeof(text)));
	printf("write %ld", (long)write(fd, "1", 1));
	printf(" %s\n", errno_name(errno));
	try_write("bic_scale", "41");
	try_write("hystart", "");
	try_write("hystart", "\n");
	try_write("hystart", "one");
	try_write("hystart", " 1");
	try_write("hystart", "1 ");
	try_write("hystart", "0x");
	try_write("hystart", "08");
	try_write("hystart", "1\n\n");
	try_write("hystart", "-");
	try_write("hystart", "2147483648");
	try_write("hystart", "-2147483649");
	try_write("hystart", "99999999999999999999999999");
	try_write("hystart", "0x100000000000000000000000000000000000000000000000000000000000000000000000000");
	try_write("hystart", "+");
	return 0;
}
