/* Transfers that would pass the largest offset: splice(2) and sendfile(2) refuse all of it. */
#include <fcntl.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "show.h"

#define MAX 0x7fffffffffffffffll

int main(void)
{
	int p[2], f = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600), g = open("g", O_RDWR | O_CREAT | O_TRUNC, 0600);
	loff_t at;

	if (pipe(p) || f < 0 || g < 0 || write(p[1], "0123456789", 10) != 10 || write(f, "abcdef", 6) != 6)
		return 1;
	at = MAX - 1;
	SHOW(splice(p[0], NULL, g, &at, 3, 0));
	at = -1;
	SHOW(splice(p[0], NULL, g, &at, 3, 0));
	at = 0;
	SHOW(splice(p[0], NULL, g, &at, MAX + 1ull, 0));
	SHOW(splice(p[0], NULL, g, NULL, -1, 0));
	at = 2;
	SHOW(splice(p[0], NULL, g, &at, MAX, 0));
	SHOW(splice(p[0], NULL, g, &at, 3, 0));
	SHOW(at == 5);
	at = MAX - 1;
	SHOW(splice(f, &at, p[1], NULL, 3, 0));
	at = -1;
	SHOW(splice(f, &at, p[1], NULL, 3, 0));
	at = 0;
	SHOW(splice(f, &at, p[1], NULL, MAX + 1ull, 0));
	at = 1;
	SHOW(splice(f, &at, p[1], NULL, MAX, 0));
	SHOW(splice(f, &at, p[1], NULL, 3, 0));
	SHOW(at == 4);
	/* where the files are */
	SHOW(lseek(f, 4, SEEK_SET));
	SHOW(splice(f, NULL, p[1], NULL, MAX - 3, 0));
	SHOW(splice(f, NULL, p[1], NULL, -1, 0));
	SHOW(splice(f, NULL, p[1], NULL, 3, 0));
	SHOW(splice(p[0], NULL, p[1], NULL, 3, 0));
	at = 0;
	SHOW(sendfile(g, f, &at, MAX + 1ull));
	at = MAX - 1;
	SHOW(sendfile(g, f, &at, 3));
	at = 0;
	SHOW(lseek(g, 3, SEEK_SET));
	SHOW(sendfile(g, f, &at, 6));
	SHOW(at == 6);
	return 0;
}
