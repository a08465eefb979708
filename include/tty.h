/* Terminals: what an open terminal file works on, and the three kinds of code round it:
 *
 *	the core          kernel/tty/tty_io.c     files, hang-up; jobctrl.c: sessions and groups; tty_ioctl.c
 *	line disciplines  kernel/tty/n_tty.c      between bytes of the line and read(2)/write(2)
 *	                  kernel/fs/stdio.c       of umk's own terminal: the host's, passed through
 *	drivers           kernel/tty/pty.c        where bytes come from and go to
 *
 * Life: every open file, every process whose controlling terminal it is and its devpts inode hold a reference. The two ends
 * of a pty live and die together (owner). */
#ifndef UMK_TTY_H
#define UMK_TTY_H

#include "types.h"
#include "list.h"
#include "wait.h"
#include "fs.h"
#include <asm/termbits.h>

struct tty;
struct task;
struct signal_struct;

#define NR_CCS 19
#define DISABLED_CHAR 0

struct winsize_k { u16 row, col, xpixel, ypixel; }; /* uapi's struct winsize, whose header drags in more */

/* All optional but write and write_room. None sleeps. */
struct tty_driver {
	const char *name;
	bool pty;                                          /* the end of its session does not hang it up */
	bool master;
	const struct ktermios *initial;                    /* modes after a hang-up; NULL: they stay */
	/* Takes up to @size bytes towards the line; how many it took. */
	size_t (*write)(struct tty *tty, const u8 *buf, size_t size);
	size_t (*write_room)(struct tty *tty);
	int (*open)(struct tty *tty, struct file *f);      /* -EIO ... */
	void (*close)(struct tty *tty);                    /* an open file goes; tty->count still has it */
	void (*flush_buffer)(struct tty *tty);             /* drops what has not been delivered */
	void (*flow)(struct tty *tty, bool stop);          /* tty->stopped has changed */
	void (*unthrottle)(struct tty *tty);               /* there is room for input again */
	void (*set_termios)(struct tty *tty, const struct ktermios *old);
	long (*ioctl)(struct tty *tty, unsigned cmd, unsigned long arg); /* -ENOIOCTLCMD: not mine */
	void (*free)(struct tty *tty);                     /* the last reference of the owner is gone */
};

/* May sleep, but for receive and set_termios. */
struct tty_ldisc {
	const char *name;
	ssize_t (*read)(struct tty *tty, struct file *f, struct iov_iter *to);
	ssize_t (*write)(struct tty *tty, struct file *f, struct iov_iter *from);
	u32 (*poll)(struct tty *tty, struct file *f, struct poll_table *pt);
	long (*ioctl)(struct tty *tty, struct file *f, unsigned cmd, unsigned long arg); /* -ENOIOCTLCMD */
	size_t (*receive)(struct tty *tty, const u8 *buf, size_t size); /* what it took */
	void (*flush)(struct tty *tty);                    /* drops the input */
	void (*set_termios)(struct tty *tty, const struct ktermios *old); /* NULL: it has just been opened */
	int (*get_winsize)(struct tty *tty, struct winsize_k *ws);  /* both NULL: the core's own */
	int (*set_winsize)(struct tty *tty, const struct winsize_k *ws);
};

#define ENOIOCTLCMD 515

/* What has arrived and the line discipline has no room for: tty_buffer.c. Indices run on; modulo the size they are positions. */
#define FLIP_BUFFERS 64u
struct tty_flip {
	u8 *data;                     /* kmalloc'd with the tty; NULL: nothing ever arrives this way */
	u32 size, head, tail;
	u32 counted, spare;           /* bytes of live buffers; free ones of the smallest size, which are not counted */
	u32 first, last;
	struct flip_buffer { u16 size, used, read; } buffers[FLIP_BUFFERS]; /* each holds twice its size */
};

struct tty {
	u32 refs;                     /* the owner's count */
	struct tty *owner;            /* itself, or the master of its pty */
	const struct tty_driver *driver;
	const struct tty_ldisc *ldisc;
	struct n_tty *n_tty;          /* n_tty.c's */
	struct tty *link;             /* the other end of a pty */
	int index;
	u64 dev;                      /* st_rdev */
	int count;                    /* opens; both ends of a pty start with one */
	struct list_head files;       /* tty_file.node */
	struct ktermios termios, termios_locked;
	struct winsize_k winsize;
	int session, pgrp;            /* whose it is; pid_hold()s both; 0: nobody's */
	bool exclusive;               /* TIOCEXCL */
	bool stopped, tco_stopped;    /* by XOFF, or TCOOFF */
	bool io_error;                /* not open: TTY_IO_ERROR there */
	bool other_closed;
	bool locked;                  /* slave: TIOCSPTLCK */
	bool packet;                  /* master: TIOCPKT */
	u8 pktstatus;                 /* slave: TIOCPKT_* not yet told to the master */
	struct wait_queue_head read_wait, write_wait;
	struct kmutex reading, writing;
	struct fasync_list fasync;
	struct tty_flip flip;
	bool delivering;              /* echo reaches the other end when all that has come is dealt with */
	void *driver_data;            /* pty: its devpts entry */
};
/* An open file of a terminal: file->private. */
struct tty_file {
	struct list_head node;
	struct tty *tty;              /* reference */
	void *data;                   /* fs/stdio.c's: which of umk's descriptors */
	bool hung;                    /* hung up: reads find the end, all else EIO */
};

/* ---- tty_io.c ---- */
void tty_init(struct tty *tty, const struct tty_driver *driver, const struct tty_ldisc *ldisc);
static inline struct tty *tty_get(struct tty *tty) { tty->owner->refs++; return tty; }
void tty_put(struct tty *tty);
extern const struct file_operations tty_fops;
/* Makes @f a file of @tty. The reference is taken. 0, -ENOMEM, -EIO, -EBUSY. @noctty: not a candidate for a controlling one. */
int tty_attach_file(struct tty *tty, struct file *f, bool noctty);
static inline bool tty_hung_up(const struct file *f) { return ((const struct tty_file *)f->private)->hung; }
/* All open files see the end from now on; the session loses its terminal. @exit_session: its leader is exiting. */
void tty_hangup(struct tty *tty, bool exit_session);
void tty_wakeup(struct tty *tty);
void tty_start(struct tty *tty); /* XON */
void tty_stop(struct tty *tty);
/* /dev/tty, /dev/ptmx and the node of a terminal. */
int tty_open_current(struct file *f);
int ptmx_open(struct inode *inode, struct file *f);
/* The terminal a slave's TIOC* on a master is about. */
static inline struct tty *tty_real(struct tty *tty) { return tty->driver->master ? tty->link : tty; }

/* ---- tty_buffer.c ---- */
int tty_flip_init(struct tty *tty); /* 0, -ENOMEM */
void tty_flip_free(struct tty *tty);
/* Gives the line discipline what has arrived. */
void tty_deliver(struct tty *tty);
/* Bytes from the line: room that is certain (there may be more), and how many of @size were taken. */
size_t tty_flip_room(const struct tty *tty);
size_t tty_flip_insert(struct tty *tty, const u8 *buf, size_t size);
void tty_flip_flush(struct tty *tty);

/* ---- jobctrl.c ---- */
/* A background group reads (SIGTTIN) or changes (SIGTTOU) its terminal: termios(3). 0: go on. */
long tty_check_change(struct tty *tty, int sig);
long tty_jobctrl_ioctl(struct tty *tty, struct file *f, unsigned cmd, unsigned long arg); /* -ENOIOCTLCMD */
void tty_open_set_ctty(struct tty *tty, struct file *f);
/* The session leader leaves its terminal, by TIOCNOTTY or by ending (@on_exit). */
void disassociate_ctty(bool on_exit);
void tty_signal_session(struct tty *tty, bool exit_session);
void tty_clear_session(int sid);
void tty_set_session(struct tty *tty, struct signal_struct *sig);
void tty_signal_group(struct tty *tty, int sig);
void tty_exit(void); /* at umk's end: its terminal is nobody's */
/* signal_struct.tty: fork, setsid and the end of a process. */
void signal_tty_copy(struct signal_struct *to, const struct signal_struct *from);
void signal_tty_clear(struct signal_struct *sig);
/* For /proc/PID/stat. */
int signal_tty_nr(const struct signal_struct *sig), signal_tty_pgrp(const struct signal_struct *sig);

/* ---- tty_ioctl.c ---- */
long tty_ioctl(struct file *f, unsigned cmd, unsigned long arg);
/* Modes and flow control, for line disciplines: what is not theirs alone. -ENOIOCTLCMD */
long n_tty_ioctl_helper(struct tty *tty, unsigned cmd, unsigned long arg);

/* ---- n_tty.c ---- */
extern const struct tty_ldisc n_tty_ldisc;
int n_tty_open(struct tty *tty);
void n_tty_close(struct tty *tty);

/* ---- pty.c ---- */
struct devpts;
void pty_init(void);
/* Ends TIOCGPTPEER, which needs a path: kernel/fs/devpts.c. */
long devpts_open_peer(struct tty *slave, int flags);
/* A free index and the node for @slave, or -errno; and its end. */
int devpts_new_index(struct devpts *d);
void devpts_free_index(struct devpts *d, int index);
int devpts_add(struct devpts *d, struct tty *slave);
void devpts_remove(struct devpts *d, struct tty *slave);
struct devpts *devpts_of_inode(struct inode *inode); /* of a ptmx; the first one for /dev/ptmx */
extern unsigned pty_count;

/* kernel/pid.c: a number stays taken. */
void pid_hold(int nr);
void pid_release(int nr);

#endif
