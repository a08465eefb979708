/* System V IPC and POSIX message queues, as the rest of the kernel sees them. (kernel/ipc/) */
#ifndef UMK_KERNEL_IPC_CALLS_H
#define UMK_KERNEL_IPC_CALLS_H

struct task;

void ipc_init(void);
void ipc_exit(void); /* the end of umk: what nobody has removed goes */

/* A task's undo list: shared with CLONE_SYSVSEM; 0 or -ENOMEM. */
int sem_undo_copy(struct task *child, unsigned long flags);
/* current ends, or leaves a shared list: the last one undoes its operations. */
void sem_undo_exit(struct task *t);

#endif
