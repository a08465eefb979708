/* musl */
/* /dev as a directory, /dev/shm as a file system: what can be made there and what is. */
#include "show.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>

static int has(const char *dir, const char *name, int type)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int found = 0;

	while (d && (e = readdir(d)))
		found |= !strcmp(e->d_name, name) && e->d_type == type;
	if (d)
		closedir(d);
	return found;
}

int main(void)
{
	struct statfs fs;
	struct stat st;
	char name[64], *m;
	int fd;

	SHOW(has("/dev", "null", DT_CHR));
	SHOW(has("/dev", "tty", DT_CHR));
	SHOW(has("/dev", "pts", DT_DIR));
	SHOW(has("/dev", "shm", DT_DIR));
	SHOW(has("/dev", "stdin", DT_LNK));
	SHOW(has("/dev", "fd", DT_LNK));
	SHOW(has("/dev", "ptmx", DT_CHR));
	SHOW(statfs("/dev/shm", &fs));
	printf("%lx\n", (long)fs.f_type);
	SHOW(stat("/dev/shm", &st));
	printf("%o\n", st.st_mode);
	snprintf(name, sizeof(name), "/umk-test-%d", getpid());
	fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	SHOW_OK(fd);
	SHOW(shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600));
	SHOW(ftruncate(fd, 8192));
	m = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	SHOW(m != MAP_FAILED);
	strcpy(m + 5000, "shared");
	SHOW(pread(fd, name + 40, 7, 5000));
	printf("%s\n", name + 40);
	SHOW(fstat(fd, &st));
	printf("%ld\n", (long)st.st_size);
	name[40] = 0;
	SHOW(shm_unlink(name));
	SHOW(shm_unlink(name));
	SHOW(strcmp(m + 5000, "shared"));
	return 0;
}
