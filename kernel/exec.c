/* execve and execveat: a new program in an old process. Decides the order of things: what can fail while the old
 * program lives is done first; from begin_new_program() on, a failure is the end of the process. The formats are in
 * binfmt_*.c. */
#include "binfmt.h"
#include "cred.h"
#include "fs.h"
#include "host.h"
#include "mm.h"
#include "pidfd.h"
#include "printk.h"
#include "slab.h"
#include "string.h"
#include "syscalls.h"
#include "task.h"
#include "trap.h"
#include "umk_kernel.h"
#include <linux/limits.h>
#include <linux/personality.h>
#include <linux/resource.h>

/* execve(2), "Limits on size of arguments and environment" */
#ifndef AT_EXECVE_CHECK /* Linux 6.14 */
#define AT_EXECVE_CHECK 0x10000
#endif
#define MAX_ARG_STRLEN (32 * PAGE_SIZE)
#define ARGS_AT_MOST (6ul << 20)        /* three quarters of the default stack */
#define SECURE_STACK (8ul << 20)
#define ARGS_AT_LEAST (32 * PAGE_SIZE)  /* ARG_MAX */

/* ---- strings ---- */

static int arg_reserve(struct arg_list *l, size_t more)
{
	size_t size = l->size ? l->size : 1024;
	char *data;

	if (l->size - l->used >= more)
		return 0;
	while (size - l->used < more)
		size *= 2;
	data = krealloc(l->data, size);
	if (!data)
		return -ENOMEM;
	l->data = data;
	l->size = size;
	return 0;
}

int arg_append(struct arg_list *l, const char *s, size_t len)
{
	int err = arg_reserve(l, len + 1);

	if (err)
		return err;
	memcpy(l->data + l->used, s, len);
	l->data[l->used + len] = 0;
	l->used += len + 1;
	l->count++;
	return 0;
}

void arg_free(struct arg_list *l)
{
	kfree(l->data);
	memset(l, 0, sizeof(*l));
}

/* The number of pointers before the NULL: -EFAULT, -E2BIG, -ERESTARTNOHAND. A NULL array counts as empty. */
static long count_user(const char __user *__user *array, size_t limit)
{
	const char __user *s;
	size_t n;

	if (!array)
		return 0;
	for (n = 0; ; n++) {
		if (get_user(s, array + n))
			return -EFAULT;
		if (!s)
			return (long)n;
		if (n * sizeof(s) > limit)
			return -E2BIG;
		if (fatal_signal_pending(current))
			return -ERESTARTNOHAND;
		cond_resched();
	}
}

/* Copies @count strings; *room is what the limit leaves. */
static int copy_user_strings(struct arg_list *l, const char __user *__user *array, u32 count, size_t *room)
{
	u32 i;

	for (i = 0; i < count; i++) {
		const char __user *s;
		long len;
		int err;

		if (get_user(s, array + i))
			return -EFAULT;
		len = strnlen_user(s, MAX_ARG_STRLEN);
		if (!len)
			return -EFAULT;
		if (len > (long)MAX_ARG_STRLEN || (size_t)len > *room)
			return -E2BIG;
		err = arg_reserve(l, (size_t)len);
		if (err)
			return err;
		if (copy_from_user(l->data + l->used, s, (size_t)len))
			return -EFAULT;
		/* Another thread may have changed it since it was measured. */
		l->used += (size_t)len;
		l->data[l->used - 1] = 0;
		l->count++;
		*room -= (size_t)len;
		if (fatal_signal_pending(current))
			return -ERESTARTNOHAND;
		cond_resched();
	}
	return 0;
}

static size_t args_limit(void)
{
	u64 limit = min((u64)ARGS_AT_MOST, rlimit(RLIMIT_STACK) / 4);

	return max(limit, (u64)ARGS_AT_LEAST);
}

static int copy_args(struct binprm *b, const char __user *__user *argv, const char __user *__user *envp)
{
	size_t room = args_limit(), name = strlen(b->filename) + 1, pointers;
	long argc = count_user(argv, room), envc;
	int err;

	if (argc < 0)
		return (int)argc;
	envc = count_user(envp, room);
	if (envc < 0)
		return (int)envc;
	pointers = ((size_t)max(argc, 1l) + (size_t)envc) * sizeof(u64);
	if (room <= pointers || room - pointers < name)
		return -E2BIG;
	room -= pointers + name;
	b->arg_limit = room;
	err = copy_user_strings(&b->envp, envp, (u32)envc, &room);
	if (!err)
		err = copy_user_strings(&b->argv, argv, (u32)argc, &room);
	/* Since 5.18 an empty argv becomes one empty string. */
	if (!err && !argc)
		err = arg_append(&b->argv, "", 0);
	return err;
}

static int copy_kernel_strings(struct arg_list *l, char *const *array)
{
	int err = 0;

	for (; *array && !err; array++) {
		size_t len = strlen(*array);

		err = len >= MAX_ARG_STRLEN || l->used + len >= ARGS_AT_MOST ? -E2BIG : arg_append(l, *array, len);
	}
	return err;
}

/* ---- files ---- */

/* Takes over the reference to @f. */
static struct file *check_exec(struct file *f)
{
	int err = file_may_exec(f) ? deny_write_access(f) : -EACCES;

	if (!err)
		return f;
	file_put(f);
	return ERR_PTR(err);
}

struct file *open_exec(int dfd, const char *path, int flags)
{
	/* Non-blocking: a FIFO is refused after the open, not waited for. */
	struct file *f = do_open_exec(dfd, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | flags);

	if (IS_ERR(f) && PTR_ERR(f) == -EACCES)
		f = open_unreadable(dfd, path, O_CLOEXEC | flags);
	return IS_ERR(f) ? f : check_exec(f);
}

void close_exec(struct file *f)
{
	allow_write_access(f);
	file_put(f);
}

/* execveat's AT_EMPTY_PATH: the file of a descriptor, opened again if it cannot be read as it is. */
static struct file *open_exec_fd(unsigned fd)
{
	struct file *f = fget_path(fd), *again;
	char *path;
	int len;

	if (!f)
		return ERR_PTR(-EBADF);
	if (!(f->flags & O_PATH) && (f->flags & O_ACCMODE) != O_WRONLY)
		return check_exec(f);
	path = kmalloc(PATH_MAX);
	len = path ? file_path(f, path, PATH_MAX) : -ENOMEM;
	again = len < 0 ? ERR_PTR(len) : open_exec(AT_FDCWD, path, 0);
	kfree(path);
	file_put(f);
	return again;
}

/* ---- the other threads end ---- */

static bool alone(const struct signal_struct *sig)
{
	struct task *t;

	if (sig->live > 1)
		return false;
	list_for_each_entry(t, &sig->threads, thread_node)
		if (t != current && (t != sig->leader || t->state != TASK_ZOMBIE)) /* its last steps may sleep */
			return false;
	return true;
}

/* A thread that was not the leader becomes it: it takes over the process's number, parent and children. */
static void become_leader(struct task *leader)
{
	struct task *t = current, *child, *thread;

	list_for_each_entry(child, &leader->children, sibling)
		list_for_each_entry(thread, &child->signal->threads, thread_node)
			thread->parent = thread->real_parent = t;
	list_splice_tail(&leader->children, &t->children);
	pidfd_exchange(t, leader);
	t->made_by = leader->made_by;
	list_insert_between(&t->sibling, leader->sibling.prev, &leader->sibling);
	pid_free(t->pid, t);
	pid_transfer(t->tgid, t);
	t->pid = t->tgid;
	t->start_time = leader->start_time;
	t->signal->leader = t;
	task_release(leader);
}

/* Ends every other thread of the process. 0, or -EAGAIN: another thread was first, or current is killed. */
static int end_other_threads(void)
{
	struct signal_struct *sig = current->signal;

	if (sig->group_exit || sig->exec_task)
		return -EAGAIN;
	sig->exec_task = current;
	if (sig->live > 1)
		zap_other_threads(current);
	for (;;) {
		current->state = TASK_KILLABLE;
		if (alone(sig) || fatal_signal_pending(current))
			break;
		schedule();
	}
	current->state = TASK_RUNNING;
	sig->exec_task = NULL;
	if (!alone(sig))
		return -EAGAIN;
	if (sig->leader != current)
		become_leader(sig->leader);
	current->exit_signal = SIGCHLD;
	return 0;
}

/* ---- execve ---- */

/* Goes through scripts to a program whose format is known, and checks that. */
static int find_format(struct binprm *b)
{
	unsigned depth;

	for (depth = 0; ; depth++) {
		ssize_t n;
		int err;

		if (depth > SCRIPT_DEPTH_MAX)
			return -ELOOP;
		memset(b->buf, 0, sizeof(b->buf));
		n = kernel_read(b->file, b->buf, sizeof(b->buf), 0);
		if (n < 0)
			return (int)n;
		err = load_script(b);
		if (err == -ENOEXEC)
			return elf_prepare(b);
		if (err)
			return err;
	}
}

static void set_comm(const char *filename)
{
	const char *slash = strrchr(filename, '/');

	strscpy(current->comm, slash ? slash + 1 : filename, sizeof(current->comm));
}

/* Does the new program take over the host's side of the old one, emptied? Not while others use it (vfork, threads), not for
 * a program with other rights (the old one may have played with its stub), and not if there is one that has shown just this
 * program before. */
static bool takes_over(const struct binprm *b)
{
	struct mm *mm = current->mm;

	if (!mm || !mm->tmm || mm->users != 1 || b->rights.changed)
		return false;
	return !trap->mm_kept || !trap->mm_kept(program_of_file(b->file->inode));
}

/* The new address space; with its first host thread unless the old one's is taken over (*@tt is NULL then). */
static int new_mm(const struct binprm *b, struct mm **mm, struct trap_task **tt)
{
	int err;

	*tt = NULL;
	*mm = mm_alloc();
	if (!*mm)
		return -ENOMEM;
	if (current->mm)
		mdwe_fork(*mm, current->mm);
	(*mm)->program = program_of_file(b->file->inode);
	if (takes_over(b))
		return 0;
	err = trap->mm_create(&(*mm)->tmm, tt, current, b->rights.changed ? 0 : (*mm)->program);
	if (err) {
		(*mm)->tmm = NULL;
		mm_drop(*mm);
	}
	return err;
}

/* Makes the host thread as a new one is. 0, or -EIO: it has died. */
static int reset_host_thread(struct task *t)
{
	u8 *xsave = kzalloc(trap_layout.xsave_size);
	u16 fcw = 0x37f;
	u32 mxcsr = 0x1f80;
	int err;

	if (!xsave)
		return -ENOMEM;
	/* XSTATE_BV 0: every component in its initial state; these two are taken as they stand. */
	memcpy(xsave, &fcw, sizeof(fcw));
	memcpy(xsave + 24, &mxcsr, sizeof(mxcsr));
	trap->unmap(t->mm->tmm, GUEST_MMAP_MIN, trap_layout.task_size - GUEST_MMAP_MIN);
	err = trap->set_fp(t->tt, xsave);
	kfree(xsave);
	return err ? err : trap->set_bases(t->tt, 0, 0);
}

/* Who cannot read a program, or runs it with another's ids, shall not read it out of its memory. */
static bool may_be_dumped(const struct binprm *b, const struct cred *cred)
{
	return file_may_read(b->file) && cred->uid == cred->euid && cred->gid == cred->egid;
}

/* A program with more rights than its caller is spared what the caller has prepared: a signal when it dies, a strange
 * personality, a stack that leaves no room. */
static void secure_program(struct task *t)
{
	struct rlimit64_k *stack = &t->signal->rlim[RLIMIT_STACK];

	t->pdeath_signal = 0;
	t->personality &= ~(u32)PER_CLEAR_ON_SETID;
	stack->cur = min(stack->cur, (u64)SECURE_STACK);
}

/* The point of no return: the old program goes, @mm and @tt take its place. */
static void begin_new_program(struct binprm *b, struct mm *mm, struct trap_task *tt, const struct cred *cred)
{
	struct task *t = current;

	b->committed = true;
	exit_mm(tt ? NULL : mm);
	t->mm = mm;
	if (tt)
		t->tt = tt;
	else if (reset_host_thread(t))
		force_sig(SIGKILL);
	if (tt)
		sched_apply(t);
	mm->exe_file = file_get(b->file);
	b->file->inode->deny_write++; /* the mm's own, until mm_drop() */
	mm->dumpable = may_be_dumped(b, cred);
	if (b->rights.secure)
		secure_program(t);
	set_comm(b->filename);
	signals_exec(t);
	exec_posix_timers(t->signal);
	files_close_on_exec(t->files);
	t->signal->has_execed = true;
	t->restart.kind = RESTART_NONE;
	t->dispatch.on = false;
}

static int replace_program(struct binprm *b)
{
	struct cred *cred = cred_prepare();
	struct trap_task *tt;
	struct mm *mm;
	int err;

	if (!cred)
		return -ENOMEM;
	err = cred_exec(cred, b->file, &b->rights);
	if (!err)
		err = new_mm(b, &mm, &tt);
	if (err)
		goto put_cred;
	err = files_unshare();
	if (!err)
		err = end_other_threads();
	if (!err)
		err = sighand_unshare(current);
	if (err)
		goto drop_mm;
	begin_new_program(b, mm, tt, cred);
	cred_commit(cred);
	return elf_load(b);

drop_mm:
	if (tt)
		trap->task_destroy(tt);
	mm_drop(mm);
put_cred:
	cred_put(cred);
	return err;
}

static void binprm_free(struct binprm *b)
{
	elf_release(b);
	if (b->file)
		close_exec(b->file);
	arg_free(&b->argv);
	arg_free(&b->envp);
	arg_free(&b->prefix);
	kfree(b->filename);
	kfree(b->interp);
	kfree(b);
}

/* Runs b->file, if that is no error, with b's arguments; frees @b. A failure beyond the point of no return kills the
 * process, unless @first. */
static int run_binprm(struct binprm *b, int err, bool first)
{
	bool fatal;

	if (!err && IS_ERR(b->file)) {
		err = (int)PTR_ERR(b->file);
		b->file = NULL;
	}
	if (!err && !b->check_only)
		err = find_format(b);
	if (!err && !b->check_only)
		err = replace_program(b);
	fatal = err && b->committed && !first;
	binprm_free(b);
	if (fatal)
		do_group_exit(SIGSEGV);
	return err;
}

int kernel_execve(const char *path, char *const *argv, char *const *envp)
{
	struct binprm *b = kzalloc(sizeof(*b));
	int err;

	if (!b)
		return -ENOMEM;
	b->arg_limit = ARGS_AT_MOST;
	b->filename = kstrdup(path);
	err = b->filename ? copy_kernel_strings(&b->argv, argv) : -ENOMEM;
	if (!err && !b->argv.count)
		err = arg_append(&b->argv, "", 0);
	if (!err)
		err = copy_kernel_strings(&b->envp, envp);
	if (!err)
		b->file = open_exec(AT_FDCWD, path, 0);
	return run_binprm(b, err, true);
}

/* The name under which a program given by a descriptor knows itself: "/dev/fd/N" or "/dev/fd/N/PATH". */
static char *fd_filename(int fd, const char *path)
{
	size_t size = strlen(path) + 24;
	char *name = kmalloc(size);

	if (name)
		ksnprintf(name, size, *path ? "/dev/fd/%d/%s" : "/dev/fd/%d", fd, path);
	return name;
}

/* setuid() may have gone over RLIMIT_NPROC: then this is where it shows. */
static bool too_many_processes(void)
{
	struct task *t = current;

	t->nproc_exceeded = t->nproc_exceeded && t->user->processes > rlimit(RLIMIT_NPROC);
	return t->nproc_exceeded;
}

static long do_execveat(int dfd, const char __user *upath, const char __user *__user *argv,
	const char __user *__user *envp, int flags)
{
	struct binprm *b;
	char *path;
	long len;
	int err = 0;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_EXECVE_CHECK))
		return -EINVAL;
	path = kmalloc(PATH_MAX);
	b = kzalloc(sizeof(*b));
	if (!path || !b) {
		kfree(path);
		kfree(b);
		return -ENOMEM;
	}
	b->check_only = flags & AT_EXECVE_CHECK;
	len = strncpy_from_user(path, upath, PATH_MAX);
	if (len < 0)
		err = (int)len;
	else if (len == PATH_MAX)
		err = -ENAMETOOLONG;
	else if (!len && !(flags & AT_EMPTY_PATH))
		err = -ENOENT;
	if (!err && too_many_processes())
		err = -EAGAIN;
	if (err) {
		kfree(path);
		kfree(b);
		return err;
	}
	if (!len)
		b->file = open_exec_fd((unsigned)dfd);
	else
		b->file = open_exec(dfd, path, flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0);
	if (dfd == AT_FDCWD || path[0] == '/') {
		b->filename = path;
	} else {
		b->filename = fd_filename(dfd, path);
		b->path_inaccessible = files_fd_flags(current->files, (unsigned)dfd) & O_CLOEXEC;
		kfree(path);
		if (!b->filename)
			err = -ENOMEM;
	}
	if (!err && !IS_ERR(b->file))
		err = copy_args(b, argv, envp);
	if (err && IS_ERR(b->file))
		b->file = NULL;
	return run_binprm(b, err, false);
}

/* execve(2): EACCES E2BIG EFAULT ELIBBAD ELOOP ENAMETOOLONG ENOENT ENOEXEC ENOMEM ENOTDIR ETXTBSY EAGAIN. */
SYSCALL_DEFINE3(execve, const char __user *, path, const char __user *__user *, argv,
	const char __user *__user *, envp)
{
	return do_execveat(AT_FDCWD, path, argv, envp, 0);
}

/* execveat(2): also EBADF EINVAL. With AT_EXECVE_CHECK only whether the file may be executed, whatever it contains. */
SYSCALL_DEFINE5(execveat, int, dfd, const char __user *, path, const char __user *__user *, argv,
	const char __user *__user *, envp, int, flags)
{
	return do_execveat(dfd, path, argv, envp, flags);
}
