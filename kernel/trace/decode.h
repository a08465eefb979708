/* The decoders that rows.c chooses from, one an argument. */
#ifndef UMK_KERNEL_TRACE_DECODE_H
#define UMK_KERNEL_TRACE_DECODE_H

#include "trace.h"

/* scalars and names (args.c) */
extern const struct arg_decoder d_int, d_uint, d_long, d_hex, d_addr, d_size, d_dirfd, d_mode, d_open_flags, d_prot, d_mmap_flags,
	d_signal, d_sigprocmask_how, d_whence, d_access_mode, d_at_flags, d_clock, d_clock_flags, d_resource, d_arch_prctl,
	d_prctl, d_madvice, d_grnd_flags, d_wait_options, d_epoll_op, d_epoll_flags, d_pipe_flags, d_dup_flags,
	d_fcntl_cmd, d_fcntl_arg, d_ioctl_cmd, d_ioctl_arg, d_offset, d_rename_flags, d_eventfd_flags, d_timerfd_flags,
	d_rusage_who, d_itimer, d_mlockall_flags, d_idtype, d_statx_mask, d_statx_flags, d_close_range_flags, d_msync_flags,
	d_mremap_flags, d_flock_op, d_fallocate_mode, d_sched_policy, d_memfd_flags, d_unshare_flags,
	d_membarrier_cmd, d_ioprio_which, d_kcmp_type, d_pidfd_flags, d_pidfd_signal_flags, d_priority_which;
/* guest memory (structs.c) */
extern const struct arg_decoder d_path, d_string, d_argv, d_envp, d_buffer_in, d_buffer_out, d_string_out, d_iovec_in, d_iovec_out,
	d_stat, d_statx, d_timespec, d_timespec_out, d_timespec_remain, d_timeval_out, d_itimerval, d_itimerval_out, d_rlimit, d_rlimit_out,
	d_sigset, d_sigset_out, d_sigaction, d_sigaction_out, d_wait_status, d_fd_pair, d_pollfds, d_epoll_event,
	d_epoll_events, d_uname, d_dirents, d_sysinfo, d_random, d_statfs, d_int_out, d_siginfo_out, d_sigaltstack,
	d_fdset, d_timeval, d_sigset_pair, d_cpus, d_cpus_out, d_groups, d_groups_out, d_id_out, d_file_times,
	d_sigaltstack_out, d_path_out, d_itimerspec, d_itimerspec_out, d_rusage, d_wait_rusage, d_u64_inout;
/* sockets (socket.c) */
extern const struct arg_decoder d_family, d_socktype, d_sockproto, d_msg_flags, d_sockaddr, d_sockaddr_out, d_socklen, d_msghdr, d_accept_flags,
	d_msghdr_out, d_payload_in, d_payload_out, d_sol, d_sockopt, d_optval, d_optval_out, d_shut, d_mmsghdr_in, d_mmsghdr_out;

/* memory (memory.c) */
extern const struct arg_decoder d_mlock_flags, d_move_flags, d_getpol_flags, d_pkey_rights, d_mpol_mode, d_mpol_mode_out, d_nodemask,
	d_nodemask_of_1, d_nodemask_out, d_pages, d_nodes, d_nodes_out, d_iovec_addr, d_residency;

/* IPC, queues, timers (ipc.c) */
extern const struct arg_decoder d_ipc_key, d_ipc_flags, d_shmget_flags, d_shmat_flags, d_msg_ipc_flags, d_shm_cmd, d_msg_cmd, d_sem_cmd,
	d_shm_ds, d_msg_ds, d_sem_arg, d_sembufs, d_msgbuf_in, d_msgbuf_out, d_mq_attr, d_mq_attr_out, d_uint_out, d_sigevent,
	d_timer_out, d_timer_flags, d_tfd_settime_flags, d_signalfd_flags, d_futex2_flags, d_futex_waiters, d_futex_two;

/* mounts, watches, extended attributes (mount.c) */
extern const struct arg_decoder d_mount_flags, d_umount_flags, d_inotify_init, d_inotify_mask, d_splice_flags, d_sync_range, d_xattr_flags,
	d_rwf, d_fsopen_flags, d_fsmount_flags, d_mount_attrs, d_open_tree, d_move_mount, d_fsconfig_cmd;

void special_clone(struct trace_state *ts);
void special_clone3(struct trace_state *ts);
void special_futex(struct trace_state *ts);
void special_prctl(struct trace_state *ts);
void special_sigreturn(struct trace_state *ts);
void result_hex(struct trace_state *ts);
void result_octal(struct trace_state *ts);
void result_poll(struct trace_state *ts);
void result_select(struct trace_state *ts);
void result_pselect(struct trace_state *ts);
void result_fcntl(struct trace_state *ts);

#endif
