/* Extended attributes: flags, sizes, lists, names that are none, links and descriptors. */
// needs-root: trusted attributes
#include "both.h"

#include <sys/xattr.h>
static void list(const char *name)
{
	char buf[256];
	long n = llistxattr(name, buf, sizeof(buf));

	printf("list %s:", name);
	for (long i = 0; i < n; i += strlen(buf + i) + 1)
		if (strncmp(buf + i, "security.", 9))
			printf(" %s", buf + i);
	printf("\n");
}

static void all(void)
{
	static char big[70000];
	char buf[64] = "", name[300];
	int fd, path;

	put_file("f", "x");
	symlink("f", "l");
	mkdir("d", 0755);
	SHOW(setxattr("f", "user.a", "value", 5, 0));
	SHOW(getxattr("f", "user.a", buf, sizeof(buf)));
	puts(buf);
	SHOW(getxattr("f", "user.a", NULL, 0));
	SHOW(getxattr("f", "user.a", buf, 4));
	SHOW(getxattr("f", "user.b", buf, 4));
	SHOW(setxattr("f", "user.a", "other", 5, XATTR_CREATE));
	SHOW(setxattr("f", "user.b", "other", 5, XATTR_REPLACE));
	SHOW(setxattr("f", "user.b", "other", 5, XATTR_CREATE));
	SHOW(setxattr("f", "user.a", "xy", 2, XATTR_REPLACE));
	SHOW(getxattr("f", "user.a", buf, sizeof(buf)));
	SHOW(setxattr("f", "user.empty", NULL, 0, 0));
	SHOW(getxattr("f", "user.empty", buf, sizeof(buf)));
	SHOW(setxattr("f", "user.a", "x", 1, 4));
	SHOW(setxattr("f", "user.", "x", 1, 0));
	SHOW(setxattr("f", "nospace", "x", 1, 0));
	SHOW(setxattr("f", "bad.name", "x", 1, 0));
	SHOW(getxattr("f", "bad.name", buf, 1));
	SHOW(setxattr("f", "", "x", 1, 0));
	memset(name, 97, sizeof(name));
	memcpy(name, "user.", 5);
	name[256] = 0;
	SHOW(setxattr("f", name, "x", 1, 0));
	SHOW(setxattr("f", "user.big", big, 65537, 0));
	SHOW(setxattr("f", BAD_PTR, "x", 1, 0));
	SHOW(setxattr("f", "user.a", BAD_PTR, 1, 0));
	SHOW(setxattr("none", "user.a", "x", 1, 0));
	SHOW(setxattr(BAD_PTR, "user.a", "x", 1, 0));
	SHOW(getxattr("f", "user.a", BAD_PTR, 10));
	SHOW(lsetxattr("l", "user.a", "x", 1, 0));
	SHOW(lsetxattr("l", "trusted.a", "x", 1, 0));
	SHOW(getxattr("l", "user.a", buf, sizeof(buf)));
	SHOW(lgetxattr("l", "user.a", buf, sizeof(buf)));
	SHOW(setxattr("d", "user.dir", "x", 1, 0));
	list("f"); list("l"); list("d");
	SHOW(listxattr("f", buf, 3));
	SHOW(listxattr("f", NULL, 0) > 0);
	SHOW(removexattr("f", "user.empty"));
	SHOW(removexattr("f", "user.empty"));
	SHOW(removexattr("f", "bad.name"));
	SHOW(lremovexattr("l", "trusted.a"));
	fd = open("f", O_RDONLY);
	SHOW(fsetxattr(fd, "user.fd", "x", 1, 0));
	SHOW(fgetxattr(fd, "user.fd", buf, 10));
	SHOW(fremovexattr(fd, "user.fd"));
	SHOW(flistxattr(fd, NULL, 0) > 0);
	path = open("f", O_PATH);
	SHOW(fgetxattr(path, "user.a", buf, 10));
	SHOW(fsetxattr(-1, "user.a", "x", 1, 0));
	SHOW(rename("f", "g"));
	SHOW(link("g", "h"));
	list("h");
}
int main(void)
{
	in_both(all);
	return 0;
}
