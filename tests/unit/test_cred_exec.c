/* kernel/cred_exec.c: what programs make of credentials, as capabilities(7) has it. */
#include "mm_unit.h"
#include "cred.h"
#include "kernel/fs/internal.h"
#include <linux/capability.h>
#include <linux/securebits.h>

#define CAP(x) (1ull << CAP_##x)
#define REGULAR 0100755 /* the modes as octal numbers: libc hides the names from uapi */
#define SETUID 0104755
#define SETGID 0102755

static struct fs_struct fs;
static struct file file;
static struct inode inode;
static struct inode_operations ops;
static struct mount mnt;
static struct vfs_ns_cap_data attr;
static ssize_t attr_size; /* or the error of asking for it */

static ssize_t get_attr(struct inode *i, const char *name, void *value, size_t size)
{
	ck_assert_ptr_eq(i, &inode);
	ck_assert_str_eq(name, "security.capability");
	if (attr_size > 0)
		memcpy(value, &attr, min((size_t)attr_size, size));
	return attr_size;
}

/* User 1000 is about to run a plain program of root's. */
static void start(void)
{
	mm_unit_start();
	INIT_LIST_HEAD(&mm_unit_signal.threads);
	list_add_tail(&current->thread_node, &mm_unit_signal.threads);
	fs.refs = 1;
	current->fs = &fs;
	mm_unit_cred = (struct cred){ .refs = 1, .uid = 1000, .euid = 1000, .suid = 1000, .fsuid = 1000, .gid = 100, .egid = 100,
		.sgid = 100, .fsgid = 100, .cap_bset = CAP_ALL };
	ops.getxattr = get_attr;
	inode = (struct inode){ .ops = &ops, .mode = REGULAR, .uid = 0, .gid = 50 };
	mnt.flags = 0;
	file = (struct file){ .inode = &inode, .path.mnt = &mnt };
	attr_size = -ENODATA;
}

static void file_caps(u64 permitted, u64 inheritable, bool effective)
{
	attr = (struct vfs_ns_cap_data){ .magic_etc = VFS_CAP_REVISION_2 | (effective ? VFS_CAP_FLAGS_EFFECTIVE : 0) };
	for (int i = 0; i < 2; i++) {
		attr.data[i].permitted = (u32)(permitted >> 32 * i);
		attr.data[i].inheritable = (u32)(inheritable >> 32 * i);
	}
	attr_size = XATTR_CAPS_SZ_2;
}

static struct exec_rights rights;

static int run(struct cred *c)
{
	*c = mm_unit_cred;
	return cred_exec(c, &file, &rights);
}

START_TEST(test_plain)
{
	struct cred c;

	start();
	mm_unit_cred.cap_permitted = mm_unit_cred.cap_effective = CAP(CHOWN);
	mm_unit_cred.securebits = issecure_mask(SECURE_KEEP_CAPS);
	ck_assert_int_eq(run(&c), 0);
	ck_assert(!rights.changed && !rights.secure);
	ck_assert_uint_eq(c.euid, 1000);
	ck_assert_uint_eq(c.cap_permitted | c.cap_effective, 0); /* capabilities do not survive by themselves */
	ck_assert_uint_eq(c.securebits, 0);
}
END_TEST

START_TEST(test_setuid)
{
	struct cred c;

	start();
	inode.mode = SETUID;
	ck_assert_int_eq(run(&c), 0);
	ck_assert(rights.changed && rights.secure);
	ck_assert_uint_eq(c.uid, 1000);
	ck_assert_uint_eq(c.euid, 0);
	ck_assert_uint_eq(c.suid, 0);
	ck_assert_uint_eq(c.fsuid, 0);
	ck_assert_uint_eq(c.cap_effective, CAP_ALL);
	/* less what the bounding set has lost */
	mm_unit_cred.cap_bset &= ~CAP(SYS_ADMIN);
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.cap_effective, CAP_ALL & ~CAP(SYS_ADMIN));
	/* another user's program gives an id and no capability */
	inode.uid = 7;
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.euid, 7);
	ck_assert_uint_eq(c.cap_permitted, 0);
	ck_assert(rights.secure);
}
END_TEST

START_TEST(test_setgid)
{
	struct cred c;

	start();
	inode.mode = SETGID;
	ck_assert_int_eq(run(&c), 0);
	ck_assert(rights.changed && rights.secure);
	ck_assert_uint_eq(c.egid, 50);
	ck_assert_uint_eq(c.sgid, 50);
	ck_assert_uint_eq(c.gid, 100);
	inode.mode = 0102745; /* without group execution it means locking */
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.egid, 100);
	ck_assert(!rights.changed);
}
END_TEST

START_TEST(test_not_here)
{
	struct cred c;

	start();
	inode.mode = SETUID;
	file_caps(CAP(CHOWN), 0, true);
	mnt.flags = MS_NOSUID;
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.euid, 1000);
	ck_assert_uint_eq(c.cap_permitted, 0);
	ck_assert(!rights.changed);
	mnt.flags = 0;
	mm_unit_cred.no_new_privs = true;
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.euid, 1000);
	ck_assert_uint_eq(c.cap_permitted, 0);
}
END_TEST

START_TEST(test_root)
{
	struct cred c;

	start();
	mm_unit_cred.uid = mm_unit_cred.euid = mm_unit_cred.suid = 0;
	mm_unit_cred.cap_inheritable = CAP(KILL);
	mm_unit_cred.cap_bset = CAP(CHOWN);
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.cap_permitted, CAP(CHOWN) | CAP(KILL));
	ck_assert_uint_eq(c.cap_effective, CAP(CHOWN) | CAP(KILL));
	ck_assert(!rights.secure);
	/* a user like others */
	mm_unit_cred.securebits = issecure_mask(SECURE_NOROOT);
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.cap_permitted, 0);
	/* only the effective id makes them effective */
	mm_unit_cred.securebits = 0;
	mm_unit_cred.euid = mm_unit_cred.suid = 1000;
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.cap_permitted, CAP(CHOWN) | CAP(KILL));
	ck_assert_uint_eq(c.cap_effective, 0);
}
END_TEST

START_TEST(test_file_caps)
{
	struct cred c;

	start();
	mm_unit_cred.cap_inheritable = CAP(KILL) | CAP(FOWNER);
	file_caps(CAP(CHOWN) | CAP(SYS_NICE), CAP(KILL) | CAP(SYS_TIME), true);
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.cap_permitted, CAP(CHOWN) | CAP(SYS_NICE) | CAP(KILL));
	ck_assert_uint_eq(c.cap_effective, c.cap_permitted);
	ck_assert_uint_eq(c.cap_inheritable, CAP(KILL) | CAP(FOWNER));
	ck_assert(rights.changed && rights.secure);
	file_caps(CAP(CHOWN), 0, false);
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.cap_permitted, CAP(CHOWN));
	ck_assert_uint_eq(c.cap_effective, 0);
	/* one that takes them for granted does not run with less */
	mm_unit_cred.cap_bset = 0;
	file_caps(CAP(CHOWN), 0, true);
	ck_assert_int_eq(run(&c), -EPERM);
	file_caps(CAP(CHOWN), 0, false);
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.cap_permitted, 0);
}
END_TEST

/* A program of root's with the bit and with capabilities has those alone, if somebody else runs it. */
START_TEST(test_setuid_with_caps)
{
	struct cred c;

	start();
	inode.mode = SETUID;
	file_caps(CAP(NET_RAW), 0, true);
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.euid, 0);
	ck_assert_uint_eq(c.cap_permitted, CAP(NET_RAW));
	mm_unit_cred.uid = 0;
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.cap_permitted, CAP_ALL);
}
END_TEST

START_TEST(test_attribute_forms)
{
	struct cred c;

	start();
	file_caps(CAP(CHOWN), 0, true);
	attr_size--;
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.cap_permitted, 0);
	attr.magic_etc = VFS_CAP_REVISION_1 | VFS_CAP_FLAGS_EFFECTIVE;
	attr_size = XATTR_CAPS_SZ_1;
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.cap_permitted, CAP(CHOWN));
	attr.magic_etc = VFS_CAP_REVISION_3 | VFS_CAP_FLAGS_EFFECTIVE;
	attr_size = XATTR_CAPS_SZ_3;
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.cap_permitted, CAP(CHOWN));
	attr.rootid = 1000; /* of another user namespace */
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.cap_permitted, 0);
	attr.magic_etc = 0x04000000;
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.cap_permitted, 0);
	attr_size = 2;
	ck_assert_int_eq(run(&c), 0);
	attr_size = -EOPNOTSUPP;
	ck_assert_int_eq(run(&c), 0);
	attr_size = -EINTR;
	ck_assert_int_eq(run(&c), -EINTR);
	/* what no kernel of this age has a name for is not given */
	file_caps(~0ull, 0, false);
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.cap_permitted, CAP_ALL);
}
END_TEST

START_TEST(test_ambient)
{
	struct cred c;

	start();
	mm_unit_cred.cap_ambient = mm_unit_cred.cap_inheritable = mm_unit_cred.cap_permitted = CAP(SYS_NICE);
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.cap_permitted, CAP(SYS_NICE));
	ck_assert_uint_eq(c.cap_effective, CAP(SYS_NICE));
	ck_assert(!rights.secure); /* no more than before */
	/* lost by what gives rights of its own */
	file_caps(0, 0, false);
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.cap_permitted | c.cap_ambient, 0);
	attr_size = -ENODATA;
	inode.mode = SETUID;
	inode.uid = 7;
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.cap_permitted | c.cap_ambient, 0);
}
END_TEST

/* Who shares the working directory with another process gains nothing, threads of its own aside. */
START_TEST(test_shared_directory)
{
	static struct task thread;
	struct cred c;

	start();
	inode.mode = SETUID;
	fs.refs = 2;
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.euid, 1000);
	ck_assert_uint_eq(c.cap_permitted, 0);
	mm_unit_cred.cap_effective = CAP(SETUID); /* the id it could have had anyway */
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.euid, 0);
	ck_assert_uint_eq(c.cap_permitted, 0);
	mm_unit_cred.cap_effective = 0;
	thread.fs = &fs;
	list_add_tail(&thread.thread_node, &mm_unit_signal.threads);
	ck_assert_int_eq(run(&c), 0);
	ck_assert_uint_eq(c.euid, 0);
}
END_TEST

UNIT_MAIN("cred_exec", test_plain, test_setuid, test_setgid, test_not_here, test_root, test_file_caps, test_setuid_with_caps,
	test_attribute_forms, test_ambient, test_shared_directory)
