/* Which host file systems answer at once (um/fskind.c), as far as every host has them. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fskind.h"
#include "um_unit.h"

START_TEST(by_descriptor)
{
	int p[2], fd = open("/proc/self/status", O_RDONLY);

	ck_assert_int_eq(fs_kind_of_fd(fd), FS_MEMORY);
	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_eq(fs_kind_of_fd(p[0]), FS_MEMORY);
	ck_assert_int_eq(fs_kind_of_fd(-1), FS_REMOTE);
	ck_assert_int_ne(fs_kind_of_fd(HOST_AT_FDCWD), FS_UNKNOWN);
}
END_TEST

START_TEST(by_name)
{
	fs_mounts_load();
	ck_assert_int_eq(fs_kind_of_path("/proc"), FS_MEMORY);
	ck_assert_int_eq(fs_kind_of_path("/proc/1/status"), FS_MEMORY);
	ck_assert_int_eq(fs_kind_of_path("/process"), fs_kind_of_path("/"));
	ck_assert_int_eq(fs_kind_of_path("/proc/../x"), FS_REMOTE);
	ck_assert(!fs_remote_name("proc"));
	/* again: the table is read afresh, not twice */
	fs_mounts_load();
	ck_assert_int_eq(fs_kind_of_path("/proc"), FS_MEMORY);
}
END_TEST

UM_UNIT_MAIN("um/fskind", by_descriptor, by_name)
