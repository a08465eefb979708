/* Credentials, per-user counts, resource limits. (kernel/cred.c, kernel/rlimit.c) */
#ifndef UMK_CRED_H
#define UMK_CRED_H

#include "types.h"
#include "sched.h"
#include <linux/capability.h>

struct file;
#define CAP_ALL ((1ull << (CAP_LAST_CAP + 1)) - 1)

/* The first program's credentials: the user that umk runs as, with its capabilities. NULL: no memory. */
struct cred *cred_first(void);
/* A copy with one reference, for changes; installed by cred_commit, dropped by cred_put. NULL: no memory. */
struct cred *cred_prepare(void);
/* Makes @c current's credentials (takes over the reference). Clears mm->dumpable and pdeath_signal where Linux does. */
void cred_commit(struct cred *c);
/* execve: what @c, a copy of current's, becomes by running @f. 0, -EPERM, -EINTR, -ENOMEM. (kernel/cred_exec.c) */
struct exec_rights {
	bool changed; /* other ids, or capabilities that current did not have */
	bool secure;  /* AT_SECURE: the program must not trust who runs it */
};
int cred_exec(struct cred *c, struct file *f, struct exec_rights *rights);
/* ptrace(2), "Ptrace access mode checking": may current look into @t? By its real ids, or (@fscreds) those of file access. */
bool ptrace_may_access(const struct task *t, bool fscreds);
bool cred_capable(const struct cred *c, int cap);

/* What a real user has in use, over all processes. */
struct user_count {
	struct user_count *next;
	u32 uid, refs;
	u32 processes;  /* RLIMIT_NPROC: tasks; kept by fork and exit */
	u32 sigpending; /* RLIMIT_SIGPENDING: queued signals */
	u32 unix_inflight; /* RLIMIT_NOFILE: descriptors in messages of AF_UNIX sockets */
	u64 mq_bytes;
	u64 pipe_pages; /* rings of pipes: fs.pipe-user-pages-soft and -hard */
	u32 inotify_instances, inotify_watches;
};
struct user_count *user_count_get(u32 uid); /* a reference, or NULL: no memory */
void user_count_put(struct user_count *u);

/* A soft limit of @t's process. RLIM_INFINITY is ~0. */
u64 task_rlimit(const struct task *t, unsigned which);
/* The limits of the first program, from umk_options. */
void rlimits_first(struct rlimit64_k *rlim);

#endif
