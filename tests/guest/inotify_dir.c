/* What a watched directory tells of its children: made, removed, opened, read, written, closed, moved, changed. */
#include <sys/time.h>

#include "inotify.h"

int main(void)
{
	int fd = inotify_init1(IN_NONBLOCK), f;
	char c;

	mkdir("d", 0755);
	mkdir("d2", 0755);
	SHOW(inotify_add_watch(fd, "d", IN_ALL_EVENTS));
	SHOW(inotify_add_watch(fd, "d2", IN_ALL_EVENTS));
	events(fd, "nothing yet");
	f = open("d/f", O_CREAT | O_RDWR, 0644);
	events(fd, "open O_CREAT");
	SHOW(write(f, "abc", 3));
	SHOW(write(f, "abc", 3));
	events(fd, "write twice");
	SHOW(write(f, "", 0));
	events(fd, "write nothing");
	SHOW(pread(f, &c, 1, 0));
	SHOW(pread(f, &c, 1, 100));
	events(fd, "read, and at the end");
	SHOW(ftruncate(f, 1));
	events(fd, "ftruncate");
	SHOW(fchmod(f, 0600));
	events(fd, "fchmod");
	close(f);
	events(fd, "close");
	f = open("d/f", O_RDONLY);
	close(f);
	events(fd, "open and close for reading");
	f = open("d/f", O_WRONLY | O_TRUNC);
	events(fd, "O_TRUNC");
	close(f);
	events(fd, "close");
	f = open("d/f", O_PATH);
	close(f);
	events(fd, "O_PATH");
	SHOW(chmod("d/f", 0644));
	SHOW(utimes("d/f", NULL));
	SHOW(truncate("d/f", 5));
	events(fd, "chmod, utimes, truncate");
	SHOW(link("d/f", "d/hard"));
	events(fd, "link");
	SHOW(symlink("f", "d/soft"));
	events(fd, "symlink");
	SHOW(mkdir("d/sub", 0755));
	events(fd, "mkdir");
	SHOW(mknod("d/fifo", S_IFIFO | 0600, 0));
	events(fd, "mknod");
	SHOW(rename("d/f", "d/g"));
	events(fd, "rename within");
	SHOW(rename("d/g", "d2/a-name-that-is-longer-than-sixteen-bytes"));
	events(fd, "rename across");
	SHOW(rename("d/sub", "d2/sub"));
	events(fd, "rename a directory");
	SHOW(rename("d2/sub", "sub"));
	events(fd, "rename out");
	SHOW(rename("d/soft", "d/hard"));
	events(fd, "rename over");
	SHOW(renameat2(AT_FDCWD, "d/hard", AT_FDCWD, "d/fifo", RENAME_EXCHANGE));
	events(fd, "exchange");
	SHOW(unlink("d/hard"));
	SHOW(unlink("d/fifo"));
	SHOW(rmdir("sub"));
	events(fd, "unlink");
	SHOW(mkdir("d/sub", 0700));
	SHOW(rmdir("d/sub"));
	events(fd, "mkdir and rmdir");
	SHOW(unlink("d/none"));
	SHOW(mkdir("d", 0700));
	events(fd, "failures");
	SHOW(unlink("d2/a-name-that-is-longer-than-sixteen-bytes"));
	SHOW(rmdir("d2"));
	events(fd, "rmdir of what is watched");
	SHOW(rename("d", "e"));
	events(fd, "rename of what is watched");
	return 0;
}
