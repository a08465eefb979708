/* killer COUNT SEED FILE: kills guests at random from within, COUNT times or until it is killed itself: any process but
 * init, the first program and its own. Each kill is a byte in FILE, so that those of all killers can be counted. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int choose(unsigned *seed)
{
	DIR *d = opendir("/proc");
	struct dirent *e;
	int chosen = 0, n = 0;

	while (d && (e = readdir(d))) {
		int pid = atoi(e->d_name);

		if (pid > 2 && pid != getpid() && rand_r(seed) % ++n == 0)
			chosen = pid;
	}
	if (d)
		closedir(d);
	return chosen;
}

int main(int argc, char **argv)
{
	unsigned seed;
	int fd;

	if (argc != 4)
		return 2;
	seed = atoi(argv[2]) ^ getpid() * 2654435761u;
	fd = open(argv[3], O_WRONLY | O_CREAT | O_APPEND, 0600);
	for (int i = atoi(argv[1]); i > 0; i--) {
		struct timespec pause = { 0, rand_r(&seed) % 100 * 1000000 };
		int pid = choose(&seed);

		if (pid && kill(pid, SIGKILL) == 0 && write(fd, "k", 1) != 1)
			return 1;
		nanosleep(&pause, NULL);
	}
	return 0;
}
