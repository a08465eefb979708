/* Names: too long, slashes at the end and in excess, dots, empty ones, through files, and UTF-8. */
#include "both.h"

static void all(void)
{
	static char name[5000];
	struct stat st;

	memset(name, 110, 255);
	SHOW(mkdir(name, 0755));
	SHOW(stat(name, &st));
	name[255] = 110;
	SHOW(mkdir(name, 0755));
	SHOW(open(name, O_CREAT | O_WRONLY, 0600));
	SHOW(stat(name, &st));
	SHOW(unlink(name));
	SHOW(symlink("x", name));
	name[255] = 0;
	SHOW(rename(name, "shorter"));
	SHOW(rmdir("shorter"));
	for (int i = 0; i < 4200; i++)
		name[i] = i % 2 ? 47 : 46;
	name[4096] = 0;
	SHOW(stat(name, &st));
	name[4095] = 0;
	SHOW(stat(name, &st));
	put_file("f", "x");
	mkdir("d", 0755);
	SHOW(stat("", &st));
	SHOW(stat("f/", &st));
	SHOW(stat("f/.", &st));
	SHOW(stat("f/..", &st));
	SHOW(stat("f/x", &st));
	SHOW(stat("d////.//..//f", &st));
	SHOW(stat("d/", &st));
	SHOW(open("f/", O_RDONLY));
	SHOW(open("new/", O_CREAT | O_WRONLY, 0600));
	SHOW(open("f/", O_CREAT | O_WRONLY, 0600));
	SHOW(open("d/", O_CREAT | O_WRONLY, 0600));
	SHOW(open("d/.", O_CREAT | O_WRONLY, 0600));
	SHOW(open("d", O_CREAT | O_RDONLY, 0600));
	SHOW(open("d", O_CREAT | O_EXCL, 0600));
	SHOW(mkdir("e/", 0755));
	SHOW(mkdir("e", 0755));
	SHOW(mkdir("e/.", 0755));
	SHOW(mkdir("e/..", 0755));
	SHOW(mkdir("g/.", 0755));
	SHOW(mkdir("/", 0755));
	SHOW(mknod("n/", S_IFIFO | 0600, 0));
	SHOW(symlink("x", "s/"));
	SHOW(link("f", "h/"));
	SHOW(link("f/", "h"));
	SHOW(rmdir("e/."));
	SHOW(rmdir("e/.."));
	SHOW(rmdir("."));
	SHOW(rmdir("f"));
	SHOW(rmdir("e/"));
	SHOW(unlink("d"));
	SHOW(unlink("d/"));
	SHOW(unlink("f/"));
	SHOW(unlink("."));
	SHOW(unlink(".."));
	SHOW(unlink("/"));
	SHOW(rename("f/", "g"));
	SHOW(rename("f", "g/"));
	SHOW(rename("d/", "d2/"));
	SHOW(rename("d2/.", "d3"));
	SHOW(rename("d2", "d2/sub"));
	SHOW(rename(".", "x"));
	SHOW(rename("d2", "."));
	SHOW(truncate("d2", 0));
	SHOW(truncate("f/", 0));
	SHOW(chdir("f"));
	SHOW(chdir("none"));
	SHOW(mkdir("\xc3\xa4\xf0\x9f\x98\x80 \n\t\"", 0755));
	SHOW(stat("\xc3\xa4\xf0\x9f\x98\x80 \n\t\"", &st));
	SHOW(rmdir("\xc3\xa4\xf0\x9f\x98\x80 \n\t\""));
	SHOW(unlinkat(AT_FDCWD, "d2", 0x1000));
	SHOW(unlinkat(AT_FDCWD, "f", AT_REMOVEDIR));
	SHOW(unlinkat(AT_FDCWD, "d2", AT_REMOVEDIR));
}
int main(void)
{
	in_both(all);
	return 0;
}
