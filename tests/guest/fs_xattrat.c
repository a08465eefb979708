/* setxattrat(2) and its kin: paths, descriptors and the structure that may grow. */
#include <fcntl.h>
#include <sys/xattr.h>

#include "show.h"

struct args { unsigned long value; unsigned size, flags; };

static char buf[256];
static const struct args val = { (unsigned long)"val", 3, 0 }, to = { (unsigned long)buf, 100, 0 };

static long set(int dfd, const char *path, unsigned flags, const char *name, const struct args *a, size_t size)
{
	return syscall(463, dfd, path, flags, name, a, size);
}

static long get(int dfd, const char *path, unsigned flags, const char *name, const struct args *a, size_t size)
{
	return syscall(464, dfd, path, flags, name, a, size);
}

static long list(int dfd, const char *path, unsigned flags, char *to, size_t size)
{
	return syscall(465, dfd, path, flags, to, size);
}

static long del(int dfd, const char *path, unsigned flags, const char *name)
{
	return syscall(466, dfd, path, flags, name);
}

static void arguments(void)
{
	const struct args twice = { val.value, 3, 1 }, wrong = { val.value, 3, 9 }, large = { val.value, 65537, 0 },
		bad = { 16, 3, 0 }, none = { 0, 0, 0 }, small = { to.value, 2, 0 };
	struct { struct args a; unsigned long more; } longer = { val, 0 };

	SHOW(set(AT_FDCWD, "f", 0, "user.a", &val, 16));
	SHOW(set(AT_FDCWD, "f", 0, "user.a", &twice, 16));
	SHOW(set(AT_FDCWD, "f", 0, "user.a", &wrong, 16));
	SHOW(set(AT_FDCWD, "f", 0, "user.a", &large, 16));
	SHOW(set(AT_FDCWD, "f", 0, "user.a", &bad, 16));
	SHOW(set(AT_FDCWD, "f", 0, "user.a", &val, 15));
	SHOW(set(AT_FDCWD, "f", 0, "user.a", (const struct args *)&longer, 24));
	longer.more = 1;
	SHOW(set(AT_FDCWD, "f", 0, "user.a", (const struct args *)&longer, 24));
	SHOW(set(AT_FDCWD, "f", 0, "user.a", &val, 5000));
	SHOW(set(AT_FDCWD, "f", 0, "user.a", BAD_PTR, 16));
	SHOW(set(AT_FDCWD, "f", 1, "user.a", &val, 16));
	SHOW(set(AT_FDCWD, "f", 0, BAD_PTR, &val, 16));
	SHOW(set(AT_FDCWD, "f", 0, "", &val, 16));
	SHOW(get(AT_FDCWD, "f", 0, "user.a", &to, 16));
	SHOW(memcmp(buf, "val", 3));
	SHOW(get(AT_FDCWD, "f", 0, "user.a", &none, 16));
	SHOW(get(AT_FDCWD, "f", 0, "user.a", &small, 16));
	SHOW(get(AT_FDCWD, "f", 0, "user.a", &twice, 16));
	SHOW(get(AT_FDCWD, "f", 0, "user.none", &to, 16));
	SHOW(get(AT_FDCWD, "f", 0, "user.a", &to, 8));
	SHOW(get(AT_FDCWD, "f", 4, "user.a", &to, 16));
	SHOW(list(AT_FDCWD, "f", 0, buf, sizeof(buf)));
	SHOW(list(AT_FDCWD, "f", 0, buf, 1));
	SHOW(list(AT_FDCWD, "f", 0, NULL, 0));
	SHOW(list(AT_FDCWD, "f", 2, buf, sizeof(buf)));
	SHOW(list(AT_FDCWD, "f", 0, BAD_PTR, sizeof(buf)));
	SHOW(del(AT_FDCWD, "f", 8, "user.a"));
	SHOW(del(AT_FDCWD, "f", 0, "user.a"));
	SHOW(del(AT_FDCWD, "f", 0, "user.a"));
}

/* What the flags and an empty path mean. */
static void targets(int fd, int path)
{
	SHOW(set(AT_FDCWD, "l", 0, "user.l", &val, 16));
	SHOW(get(AT_FDCWD, "l", 0, "user.l", &to, 16));
	SHOW(get(AT_FDCWD, "f", 0, "user.l", &to, 16));
	SHOW(get(AT_FDCWD, "l", AT_SYMLINK_NOFOLLOW, "user.l", &to, 16));
	SHOW(set(AT_FDCWD, "l", AT_SYMLINK_NOFOLLOW, "user.x", &val, 16));
	SHOW(set(AT_FDCWD, "none", 0, "user.x", &val, 16));
	SHOW(set(fd, "", AT_EMPTY_PATH, "user.c", &val, 16));
	SHOW(set(fd, NULL, AT_EMPTY_PATH, "user.c", &val, 16));
	SHOW(set(fd, "", 0, "user.c", &val, 16));
	SHOW(set(fd, NULL, 0, "user.c", &val, 16));
	SHOW(set(fd, "x", 0, "user.c", &val, 16));
	SHOW(set(fd, "x", AT_EMPTY_PATH, "user.c", &val, 16));
	SHOW(set(path, "", AT_EMPTY_PATH, "user.c", &val, 16));
	SHOW(set(-1, "", AT_EMPTY_PATH, "user.c", &val, 16));
	SHOW(set(-1, "f", 0, "user.c", &val, 16));
	SHOW(get(fd, "", AT_EMPTY_PATH, "user.c", &to, 16));
	SHOW(list(fd, "", AT_EMPTY_PATH, buf, sizeof(buf)));
	SHOW(del(fd, "", AT_EMPTY_PATH, "user.c"));
	/* the working directory */
	SHOW(set(AT_FDCWD, "", AT_EMPTY_PATH, "user.d", &val, 16));
	SHOW(set(AT_FDCWD, NULL, AT_EMPTY_PATH, "user.d", &val, 16));
	SHOW(get(AT_FDCWD, "", AT_EMPTY_PATH, "user.d", &to, 16));
	SHOW(list(AT_FDCWD, "", AT_EMPTY_PATH, buf, sizeof(buf)));
	SHOW(del(AT_FDCWD, "", AT_EMPTY_PATH, "user.d"));
	SHOW(del(AT_FDCWD, ".", 0, "user.d"));
	SHOW(fsetxattr(AT_FDCWD, "user.d", "v", 1, 0));
	SHOW(fgetxattr(AT_FDCWD, "user.d", buf, sizeof(buf)));
	SHOW(flistxattr(AT_FDCWD, buf, sizeof(buf)));
	SHOW(fremovexattr(AT_FDCWD, "user.d"));
}

int main(void)
{
	int fd = open("f", O_CREAT | O_RDWR, 0644);

	SHOW(symlink("f", "l"));
	arguments();
	targets(fd, open("f", O_PATH));
	return 0;
}
