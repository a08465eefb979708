/* Where a guest's core file goes: kernel.core_pattern and kernel.core_uses_pid, core(5). The file is the guest's own, made with
 * its rights in its tree; --core=DIR puts all of them into a directory of the host instead (coredump.c). */
#include "coredump.h"
#include "cred.h"
#include "fs.h"
#include "fs/internal.h"
#include "ktime.h"
#include "ledger.h"
#include "mm.h"
#include "sched.h"
#include "seq.h"
#include "slab.h"
#include "string.h"
#include "sysctl.h"
#include "uts.h"
#include <asm/resource.h>

#define PATTERN_SIZE 128 /* with its NUL: CORENAME_MAX_SIZE */

static char core_pattern[PATTERN_SIZE] = "core";
static int core_uses_pid;

static void pattern_get(struct seq *s, const struct ctl_table *row __maybe_unused)
{
	seq_printf(s, "%s\n", core_pattern);
}

/* Ends at the first newline, as every text of /proc/sys. Programs and sockets that take core files would be the host's. */
static int pattern_set(const char *text, size_t size, const struct ctl_table *row __maybe_unused)
{
	size_t len = 0;

	while (len < size && text[len] && text[len] != '\n')
		len++;
	if (text[0] == '|' || text[0] == '@') {
		LEDGER("core_pattern of a program or socket", text[0]);
		return -EINVAL;
	}
	len = min(len, sizeof(core_pattern) - 1);
	memcpy(core_pattern, text, len);
	core_pattern[len] = 0;
	return 0;
}

static const struct ctl_table core_table[] = {
	{ "kernel/core_pattern", 0644, .get = pattern_get, .set = pattern_set },
	{ "kernel/core_uses_pid", 0644, SYSCTL_INT(core_uses_pid, -0x7fffffff - 1, 0x7fffffff) },
	{ 0 }
};

void coredump_init(void)
{
	sysctl_register(core_table);
}

static void seq_putc(struct seq *s, char c)
{
	seq_write(s, &c, 1);
}

/* A text from outside within a name: a slash would be a directory, and "." and ".." would leave one. */
static void put_part(struct seq *s, const char *text)
{
	if (!strcmp(text, ".") || !strcmp(text, ".."))
		text = text[1] ? "!." : "!";
	for (; *text; text++)
		seq_putc(s, *text == '/' ? '!' : *text);
}

/* The executable's name (%f) or path (%E). */
static void put_exe(struct seq *s, bool whole)
{
	struct file *exe = current->mm->exe_file;
	char *path = exe ? kmalloc(PATH_MAX) : NULL;
	const char *slash;

	if (path && file_path(exe, path, PATH_MAX) > 0) {
		slash = strrchr(path, '/');
		put_part(s, whole || !slash ? path : slash + 1);
	} else {
		put_part(s, current->comm);
	}
	kfree(path);
}

static void put_field(struct seq *s, char field, int sig)
{
	switch (field) {
	case '%':
		seq_putc(s, '%');
		break;
	case 'p':
	case 'P':
		seq_printf(s, "%d", current->tgid);
		break;
	case 'i':
	case 'I':
		seq_printf(s, "%d", current->pid);
		break;
	case 'u':
		seq_printf(s, "%u", current->cred->uid);
		break;
	case 'g':
		seq_printf(s, "%u", current->cred->gid);
		break;
	case 'd':
		seq_printf(s, "%d", current->mm->dumpable);
		break;
	case 's':
		seq_printf(s, "%d", sig);
		break;
	case 't':
		seq_printf(s, "%lld", (long long)(host_clock(HOST_REALTIME) / NSEC_PER_SEC));
		break;
	case 'h':
		put_part(s, uts_nodename());
		break;
	case 'e':
		put_part(s, current->comm);
		break;
	case 'f':
	case 'E':
		put_exe(s, field == 'E');
		break;
	case 'c':
		seq_printf(s, "%llu", (unsigned long long)rlimit(RLIMIT_CORE));
		break;
	default: /* dropped */
		break;
	}
}

/* The pattern with its fields filled in, NUL-ended; the buffer is the caller's to free. */
static int expand(struct seq *s, int sig)
{
	bool pid = false;
	const char *p;

	for (p = core_pattern; *p; p++) {
		if (*p != '%') {
			seq_putc(s, *p);
		} else if (*++p) {
			pid |= *p == 'p';
			put_field(s, *p, sig);
		} else {
			break; /* a lonely one at the end */
		}
	}
	if (core_uses_pid && !pid)
		seq_printf(s, ".%d", current->tgid);
	seq_putc(s, 0);
	return s->failed ? -ENOMEM : s->len > PATH_MAX ? -ENAMETOOLONG : 0;
}

/* Is it a file that nobody else can have open or read? */
static bool fit_for_core(const struct inode *i)
{
	return S_ISREG(i->mode) && i->nlink == 1 && i->uid == current->cred->fsuid && (i->mode & 0677) == 0600;
}

struct file *core_file(int sig)
{
	struct seq name = { 0 };
	struct file *f;
	int err = expand(&name, sig);

	if (!err && name.len > 1) {
		(void)do_unlink(AT_FDCWD, name.buf); /* a new file each time: whoever has the old one open keeps that */
		f = do_open(AT_FDCWD, name.buf, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_LARGEFILE, 0600);
	} else {
		f = ERR_PTR(err ? err : -ENOENT);
	}
	kfree(name.buf);
	if (!IS_ERR(f) && !fit_for_core(f->inode)) {
		file_put(f);
		f = ERR_PTR(-EPERM);
	}
	return f;
}
