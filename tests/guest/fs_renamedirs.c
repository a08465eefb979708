/* Renaming directories: into themselves, over others, with open files and a cwd below, and back. */
#include "both.h"

static void all(void)
{
	char here[256], buf[512];
	struct stat st;
	int fd, d;

	getcwd(here, sizeof(here));
	mkdir("a", 0755); mkdir("a/b", 0755); mkdir("a/b/c", 0755); mkdir("e", 0755); mkdir("full", 0755);
	put_file("a/b/c/f", "deep");
	put_file("full/x", "x");
	fd = open("a/b/c/f", O_RDWR);
	d = open("a/b/c", O_RDONLY);
	SHOW(rename("a", "a"));
	SHOW(rename("a", "a/b/x"));
	SHOW(rename("a/b", "a"));
	SHOW(rename("a/b/c", "a"));
	SHOW(rename("a", "e"));
	cat("e/b/c/f");
	SHOW(rename("e", "full"));
	SHOW(rename("e/b/c", "moved"));
	cat("moved/f");
	SHOW(openat(d, "f", O_RDONLY) >= 0);
	SHOW(openat(d, "../moved/f", O_RDONLY) >= 0);
	SHOW(pwrite(fd, "DEEP", 4, 0));
	cat("moved/f");
	SHOW(chdir("moved"));
	SHOW(rename("../moved", "../e/b/again"));
	SHOW(getcwd(buf, sizeof(buf)) != NULL);
	puts(buf + strlen(here));
	SHOW(stat("../../../full/x", &st));
	SHOW(rename("..", "x"));
	SHOW(rename("../again", "../../again/x"));
	SHOW(chdir(here));
	SHOW(rename("e/b/again", "full/x"));
	SHOW(rename("full/x", "e/b/again"));
	SHOW(rename("full/x", "e/b/x"));
	SHOW(rename("e/b", "full"));
	cat("full/again/f");
	SHOW(rename("none", "x"));
	SHOW(rename("full", "none/x"));
	SHOW(rename("full", "full/again/f/x"));
	SHOW(rmdir("e"));
}
int main(void)
{
	in_both(all);
	return 0;
}
