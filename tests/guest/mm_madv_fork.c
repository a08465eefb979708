/* What madvise says about fork: MADV_DONTFORK, MADV_WIPEONFORK, and their opposites, through two generations. */
/* musl */
#include <signal.h>
#include <sys/wait.h>

#include "maps.h"
#include "show.h"

static char *a, *s;

static void look(const char *who)
{
	show_maps(who, a, 12);
	printf("%s: plain %d, wiped %d %d, shared %d\n", who, a[0], a[4 * P], a[5 * P], s[0]);
	fflush(stdout);
}

int main(void)
{
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600), status;
	char *f;

	setvbuf(stdout, NULL, _IONBF, 0);
	ftruncate(fd, 4 * P);
	a = map_at(hole(16), 12, RW, ANON);
	s = mmap(NULL, P, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	f = mmap(NULL, P, RW, MAP_PRIVATE, fd, 0);
	memset(a, 1, 12 * P);
	s[0] = 1;
	SHOW(madvise(a + 8 * P, 2 * P, MADV_DONTFORK));
	SHOW(madvise(a + 4 * P, 2 * P, MADV_WIPEONFORK));
	SHOW(madvise(s, P, MADV_WIPEONFORK));
	SHOW(madvise(f, P, MADV_WIPEONFORK));
	SHOW(madvise(s, P, MADV_KEEPONFORK));
	SHOW(madvise(f, P, MADV_DONTFORK));
	look("parent");
	if (!fork()) {
		look("child");
		memset(a + 4 * P, 2, 2 * P);
		if (!fork()) {
			look("grandchild");
			_exit(0);
		}
		wait(NULL);
		if (!fork()) {
			a[8 * P] = 1;
			_exit(0);
		}
		wait(&status);
		printf("not there: signal %d\n", WTERMSIG(status));
		if (!fork()) {
			f[0] = 1;
			_exit(0);
		}
		wait(&status);
		printf("file not there: signal %d\n", WTERMSIG(status));
		_exit(0);
	}
	wait(NULL);
	SHOW(madvise(a, 12 * P, MADV_DOFORK));
	SHOW(madvise(a, 12 * P, MADV_KEEPONFORK));
	if (!fork()) {
		look("child of all");
		_exit(0);
	}
	wait(NULL);
	return 0;
}
