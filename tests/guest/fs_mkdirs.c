/* mkdir: modes with every bit, the umask, existing names, missing parents, links, limits of names. */
#include "both.h"

static void all(void)
{
	static const unsigned modes[] = { 0, 0777, 01777, 02777, 04777, 07777, 0755, 0111 };
	struct stat st;
	char name[300];

	umask(0);
	for (unsigned i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "d%u", i);
		mkdir(name, modes[i]);
		stat(name, &st);
		printf("%05o -> %05o\n", modes[i], st.st_mode & 07777);
	}
	symlink("nowhere", "dangling"); symlink("d1", "link");
	put_file("file", "x");
	SHOW(mkdir("d1", 0755));
	SHOW(mkdir("link", 0755));
	SHOW(mkdir("link/", 0755));
	SHOW(mkdir("dangling", 0755));
	SHOW(mkdir("dangling/", 0755));
	SHOW(mkdir("file", 0755));
	SHOW(mkdir("file/x", 0755));
	SHOW(mkdir("none/x", 0755));
	SHOW(mkdir("link/sub", 0755));
	SHOW(stat("d1/sub", &st));
	SHOW(mkdir("d1/sub/../other", 0755));
	SHOW(mkdir("", 0755));
	SHOW(mkdir(".", 0755));
	SHOW(mkdir("d1/..", 0755));
	SHOW(mkdir(BAD_PTR, 0755));
	SHOW(mkdirat(-1, "x", 0755));
	SHOW(mkdirat(open("file", O_RDONLY), "x", 0755));
	SHOW(mkdirat(open("d1", O_PATH), "x", 0755));
	SHOW(rmdir("link"));
	SHOW(rmdir("d1"));
	SHOW(rmdir("none"));
	SHOW(rmdir(""));
	SHOW(rmdir("d1/sub/."));
	SHOW(rmdir("d1/sub"));
	umask(022);
}
int main(void)
{
	in_both(all);
	return 0;
}
