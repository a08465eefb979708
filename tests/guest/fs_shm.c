/* /dev/shm: shm_open, sharing between processes, names, files without a name. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "show.h"

int main(void)
{
	char name[64], path[80], buf[32] = "";
	struct stat st;
	int fd, status;
	char *map;

	snprintf(name, sizeof(name), "/umk-test-%d", getpid());
	snprintf(path, sizeof(path), "/dev/shm%s", name);
	fd = shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600);
	SHOW(fd >= 0);
	SHOW(shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600));
	SHOW(ftruncate(fd, 10000));
	map = mmap(NULL, 10000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	SHOW(map[9999]);
	if (!fork()) {
		strcpy(map + 5000, "from child");
		_exit(0);
	}
	wait(&status);
	printf("%s\n", map + 5000);
	SHOW(pread(fd, buf, 10, 5000));
	printf("%s\n", buf);
	SHOW(pwrite(fd, "written", 7, 4094));
	printf("%.7s\n", map + 4094);
	SHOW(fstat(fd, &st));
	SHOW(st.st_size);
	SHOW(S_ISREG(st.st_mode));
	SHOW(stat(path, &st));
	SHOW(ftruncate(fd, 4096));
	SHOW(pread(fd, buf, 10, 4090));
	SHOW(ftruncate(fd, 8192));
	SHOW(map[4096]);
	SHOW(shm_unlink(name));
	SHOW(shm_unlink(name));
	SHOW(stat(path, &st));
	SHOW(fstat(fd, &st));
	SHOW(st.st_nlink);
	printf("%.2s\n", map + 4094);
	SHOW(shm_open(name, O_RDWR, 0));
	return 0;
}
