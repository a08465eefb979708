/* Link counts and sizes of directories, deep trees, many names in one directory. */
// timeout: 40
#include "both.h"

static int nlink_of(const char *n) { struct stat st; return lstat(n, &st) ? -1 : (int)st.st_nlink; }

static void all(void)
{
	char name[64];
	struct stat st;
	int had, i;

	mkdir("d", 0755);
	had = nlink_of("d");
	for (i = 0; i < 5; i++) {
		snprintf(name, sizeof(name), "d/sub%d", i);
		mkdir(name, 0755);
	}
	printf("%d\n", nlink_of("d") - had);
	rmdir("d/sub0");
	put_file("d/file", "x");
	printf("%d\n", nlink_of("d") - had);
	SHOW(rename("d/sub1", "out"));
	printf("%d\n", nlink_of("d") - had);
	SHOW(rmdir("d"));
	SHOW(rmdir("d/file"));
	SHOW(unlink("d/sub2"));
	/* deep */
	mkdir("deep", 0755);
	SHOW(chdir("deep"));
	for (i = 0; i < 200 && !mkdir("x", 0755) && !chdir("x"); i++)
		;
	SHOW(i);
	SHOW(stat("../../../../..", &st));
	put_file("bottom", "bottom");
	for (i = 0; i < 200 && !chdir(".."); i++)
		;
	SHOW(chdir(".."));
	/* wide */
	mkdir("wide", 0755);
	for (i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "wide/a-name-of-some-length-%d", i);
		close(open(name, O_CREAT | O_WRONLY, 0644));
	}
	SHOW(stat("wide/a-name-of-some-length-2999", &st));
	for (i = 0; i < 3000; i += 2) {
		snprintf(name, sizeof(name), "wide/a-name-of-some-length-%d", i);
		unlink(name);
	}
	SHOW(stat("wide/a-name-of-some-length-2998", &st));
	SHOW(stat("wide/a-name-of-some-length-1", &st));
	SHOW(rmdir("wide"));
	for (i = 1; i < 3000; i += 2) {
		snprintf(name, sizeof(name), "wide/a-name-of-some-length-%d", i);
		unlink(name);
	}
	SHOW(rmdir("wide"));
}
int main(void)
{
	in_both(all);
	return 0;
}
