/* pivot_root and chroot: where tasks stand afterwards, what is refused, and that a chroot cannot be left by "..". */
// needs-root: mount(2)
#include <sys/wait.h>

#include "mnt.h"

static void pivot_in_child(void)
{
	struct stat st;

	own_mounts();
	mkdir("new", 0755);
	SHOW(syscall(SYS_pivot_root, "new", "new"));
	SHOW(mount("t", "new", "tmpfs", 0, NULL));
	mkdir("new/old", 0755);
	mkdir("new/dir", 0755);
	make_file("new/here", "in the new root");
	mkdir("out", 0755);
	SHOW(syscall(SYS_pivot_root, "new", "out"));
	SHOW(syscall(SYS_pivot_root, "new/dir", "new/old"));
	SHOW(syscall(SYS_pivot_root, "none", "new/old"));
	SHOW(syscall(SYS_pivot_root, "new", "none"));
	SHOW(syscall(SYS_pivot_root, "new/here", "new/old"));
	SHOW(syscall(SYS_pivot_root, "/", "/"));
	SHOW(syscall(SYS_pivot_root, BAD_PTR, "new/old"));
	SHOW(chdir("new"));
	SHOW(syscall(SYS_pivot_root, ".", "old"));
	show_file("/here");
	SHOW(stat("/old/proc/self/status", &st));
	show_mount("/old");
	SHOW(chdir("/"));
	SHOW(umount2("/old", MNT_DETACH));
	SHOW(stat("/old/proc", &st));
	SHOW(stat("/..", &st));
	show_file("/../here");
}

int main(void)
{
	char cwd[256] = "", buf[256] = "";
	struct stat st;
	int out, inside;

	getcwd(cwd, sizeof(cwd));
	if (!fork()) {
		pivot_in_child();
		_exit(0);
	}
	wait(NULL);
	/* chroot */
	mkdir("r", 0755);
	mkdir("r/sub", 0755);
	make_file("r/file", "in r");
	make_file("file", "outside");
	symlink("/file", "r/abs");
	SHOW(chroot("file"));
	SHOW(chroot("none"));
	SHOW(chroot(BAD_PTR));
	out = open(".", O_RDONLY | O_DIRECTORY);
	SHOW(chdir("r/sub"));
	SHOW(chroot("/nonexistent/x"));
	SHOW(chroot(".."));
	show_file("/file");
	show_file("/abs");
	show_file("/../../file");
	show_file("../../../file");
	SHOW(getcwd(buf, sizeof(buf)) != NULL);
	puts(buf);
	SHOW(fstatat(out, "r/file", &st, 0));
	SHOW(fchdir(out));
	SHOW(syscall(SYS_getcwd, buf, sizeof(buf)) > 0 && !strncmp(buf, "(unreachable)", 13));
	show_file("file");
	inside = open("/sub", O_RDONLY);
	SHOW(fstatat(inside, "../../file", &st, 0));
	SHOW(st.st_size);
	SHOW(setuid(1000));
	SHOW(chroot("/sub"));
	return 0;
}
