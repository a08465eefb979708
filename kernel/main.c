/* The kernel's start and end. Brings the parts up in the order of their needs, becomes init (pid 1, which only adopts
 * orphans and ignores all), runs the program of the command line as pid 2, and ends umk when that process ends: what
 * else still runs goes with it, as in a container. */
#include "ipc/ipc_calls.h"
#include "coredump.h"
#include "cred.h"
#include "fs.h"
#include "host.h"
#include "coverage.h"
#include "ktime.h"
#include "ledger.h"
#include "mm.h"
#include "oops.h"
#include "printk.h"
#include "sched.h"
#include "slab.h"
#include "string.h"
#include "task.h"
#include "trap.h"
#include "tty.h"
#include "umk_kernel.h"
#include <linux/limits.h>

#define EXIT_CANNOT_RUN 126
#define EXIT_NOT_FOUND 127
#define EXIT_OWN_FAILURE 125
#define DEFAULT_PATH "/bin:/usr/bin" /* execvp's when there is no PATH */
#define LAST_WORDS (2 * NSEC_PER_SEC) /* for what is killed at the end */

struct task *init_task;

/* ---- finding the program, as execvp(3) does ---- */

static const char *error_text(int err)
{
	static const struct { int err; const char *text; } texts[] = {
		{ ENOENT, "No such file or directory" }, { EACCES, "Permission denied" },
		{ ENOEXEC, "Exec format error" }, { E2BIG, "Argument list too long" },
		{ ENOMEM, "Cannot allocate memory" }, { ELOOP, "Too many levels of symbolic links" },
		{ ENOTDIR, "Not a directory" }, { ENAMETOOLONG, "File name too long" },
		{ ELIBBAD, "Accessing a corrupted shared library" }, { ETXTBSY, "Text file busy" },
		{ EIO, "Input/output error" }, { EINVAL, "Invalid argument" }, { EISDIR, "Is a directory" },
		{ EPERM, "Operation not permitted" }, { EFAULT, "Bad address" },
		{ EAGAIN, "Resource temporarily unavailable" }, { EEXIST, "File exists" },
	};
	unsigned i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		if (texts[i].err == err)
			return texts[i].text;
	return NULL;
}

static const char *guest_env(const char *name)
{
	size_t len = strlen(name);
	char *const *e;

	for (e = umk_options.envp; *e; e++)
		if (strncmp(*e, name, len) == 0 && (*e)[len] == '=')
			return *e + len + 1;
	return NULL;
}

/* Tries each directory of PATH. Only returns on failure: the error that tells most. */
static int exec_in_path(const char *program)
{
	const char *path = guest_env("PATH"), *end;
	int err = -ENOENT, one;
	char *name;

	if (strchr(program, '/'))
		return kernel_execve(program, umk_options.argv, umk_options.envp);
	if (!path)
		path = DEFAULT_PATH;
	name = kmalloc(PATH_MAX);
	if (!name)
		return -ENOMEM;
	for (;; path = end + 1) {
		int dir;

		end = strchr(path, ':');
		dir = (int)(end ? end - path : (long)strlen(path));
		/* An empty directory is the current one. */
		if (ksnprintf(name, PATH_MAX, "%.*s%s%s", dir, path, dir ? "/" : "", program) < PATH_MAX) {
			one = kernel_execve(name, umk_options.argv, umk_options.envp);
			if (!one) {
				err = 0;
				break;
			}
			if (one == -EACCES)
				err = one;
			else if (one != -ENOENT && one != -ENOTDIR) {
				err = one;
				break;
			}
		}
		if (!end)
			break;
	}
	kfree(name);
	return err;
}

/* The first program's task: becomes the program, or ends with the status of env(1). */
static void first_task(void *unused __maybe_unused)
{
	const char *program = umk_options.program;
	int err = *program ? exec_in_path(program) : -ENOENT, status;

	if (!err)
		task_loop(NULL);
	if (error_text(-err))
		pr_msg("%s: %s", program, error_text(-err));
	else
		pr_msg("%s: error %d", program, -err);
	status = err == -ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN;
	if (err == -ENOMEM || err == -EAGAIN)
		status = EXIT_OWN_FAILURE;
	do_group_exit(status << 8);
}

/* ---- init ---- */

/* Kills what the first program has left and gives it a moment to end. */
static void end_everything(void)
{
	u64 deadline = ktime_get() + LAST_WORDS;
	struct task *t;

	list_for_each_entry(t, &all_tasks, task_node)
		if (t != init_task && t == t->signal->leader)
			send_sig_group(SIGKILL, SEND_SIG_PRIV, t);
	wait_event_deadline(&init_task->signal->wait_chldexit, list_empty(&init_task->children), TASK_UNINTERRUPTIBLE,
		deadline);
}

static void init_loop(void *unused __maybe_unused)
{
	struct wait_queue_head *last = &init_task->signal->wait_chldexit;

	writeback_init(&first_exit.wait);
	while (!first_exit.done) {
		(void)wait_event_deadline(&first_exit.wait, first_exit.done || ktime_get() >= writeback_due(),
			TASK_UNINTERRUPTIBLE, writeback_due());
		writeback_run();
	}
	/* Who is left has init for its parent, or an ancestor that has. */
	writeback_init(last);
	while (umk_options.linger && !list_empty(&init_task->children)) {
		(void)wait_event_deadline(last, list_empty(&init_task->children) || ktime_get() >= writeback_due(),
			TASK_UNINTERRUPTIBLE, writeback_due());
		writeback_run();
	}
	end_everything();
	hostfs_sync();
	if (umk_options.stats) {
		ledger_report();
		ipc_exit();
		vfs_exit();
		inode_cache_shrink();
		rewrite_exit();
		tty_exit();
		net_exit();
		pr_msg("leaks: %zu", slab_leaks(true));
	}
	host_exit(first_exit_code >> 8 & 0xff, first_exit_code & 0x7f);
}

static void __noreturn start_failed(const char *what)
{
	pr_msg("cannot start: %s", what);
	host_exit(EXIT_OWN_FAILURE, 0);
}

/* Init ignores everything; so its zombie children vanish by themselves, as SIGCHLD is ignored, too. */
static void make_init(void)
{
	unsigned i;

	init_task = task_create_kernel(NULL, INIT_PID);
	if (!init_task)
		start_failed("no memory");
	strscpy(init_task->comm, "init", sizeof(init_task->comm));
	for (i = 0; i < _NSIG; i++)
		init_task->sighand->action[i].handler = (u64)(unsigned long)SIG_IGN;
}

static struct task *make_first(void)
{
	struct task *t = task_create_kernel(init_task, FIRST_PID);

	if (!t)
		start_failed("no memory");
	strscpy(t->comm, "umk", sizeof(t->comm));
	current = t;
	if (files_init_first(t))
		start_failed("the first files");
	current = init_task;
	return t;
}

void kernel_main(void)
{
	struct task *first;

	coverage_init();
	sched_init();
	slab_init();
	physmem_init();
	pid_init();
	fork_init();
	init_completion(&first_exit);
	make_init();
	current = init_task;
	vfs_init();
	ipc_init();
	if (trace_set_expr())
		host_exit(EXIT_OWN_FAILURE, 0);
	net_init();
	oops_init();
	coredump_init();
	slab_baseline();
	host_guests_ready();
	/* Up to here init runs on the boot stack, alone: it may wait for the host, but nothing else may be runnable. */
	first = make_first();
	if (task_start(init_task, init_loop, NULL) || task_start(first, first_task, NULL))
		start_failed("no memory for a kernel stack");
	sched_start();
}
