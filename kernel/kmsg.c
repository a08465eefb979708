/* The kernel's log and who reads it: syslog(2), /dev/kmsg and /proc/kmsg. It holds what Linux would have said there of guests
 * (faults, processes that the OOM killer took), umk's own messages and what programs write to /dev/kmsg; it begins and ends
 * with umk. Formats: Linux's Documentation/ABI/testing/dev-kmsg and syslog(2). */
#include "kmsg.h"
#include "cred.h"
#include "fs.h"
#include "host.h"
#include "ktime.h"
#include "mm.h"
#include "procfs.h"
#include "sched.h"
#include "slab.h"
#include "string.h"
#include "sysctl.h"
#include "syscalls.h"
#include "trap.h"
#include "uaccess.h"
#include <linux/capability.h>
#include <linux/eventpoll.h>

#define LOG_SIZE (128u * 1024)
#define TEXT_MAX 1024u      /* of a record */
#define DEFAULT_LEVEL KERN_WARNING
#define FACILITY_USER 1u
#define CONSOLE_LEVEL_MIN 1

/* A record lies in one piece; what does not fit before the end of the ring begins at its start, behind a record without text
 * that fills the rest (@size alone counts). */
struct record {
	u32 size;           /* with the header, multiple of 8 */
	u16 len;
	u8 facility, level;
	u64 seq;            /* 0: filler */
	u64 ts;             /* ktime_get() */
	char text[];
};
static u8 ring[LOG_SIZE] __attribute__((aligned(8)));
static u32 head, used;      /* where the oldest record is, and how many bytes there are from it on */
static u64 first_seq = 1, next_seq = 1;
static u64 clear_seq = 1;   /* SYSLOG_ACTION_CLEAR hides what is older from those that ask for all */
static struct wait_queue_head log_wait = { .entries = LIST_HEAD_INIT(log_wait.entries) };
static int dmesg_restrict = 1;
static int console_level = 7;

/* A reader's place: of record @seq, which begins at or behind @at; 0 where that is not known, because there one begins always.
 * SYSLOG_ACTION_READ and /proc/kmsg share one, in which @part bytes of a record's text are read already. */
struct log_reader { u64 seq; u32 at; };
static struct log_reader shared = { .seq = 1 };
static size_t shared_part;

/* ---- the ring ---- */

static struct record *record_at(u32 at) { return (struct record *)(ring + at); }
static u32 after(u32 at) { return (at + record_at(at)->size) % LOG_SIZE; }

static void drop_oldest(void)
{
	struct record *r = record_at(head);

	if (r->seq)
		first_seq = r->seq + 1;
	used -= r->size;
	head = (head + r->size) % LOG_SIZE;
}

/* *@size bytes in one piece; it grows where the rest of the ring would be too small for a header. */
static struct record *make_room(u32 *size)
{
	u32 tail = (head + used) % LOG_SIZE, rest = LOG_SIZE - tail;

	if (rest < *size) {
		while (used + rest > LOG_SIZE - *size)
			drop_oldest();
		*record_at(tail) = (struct record){ .size = rest };
		used += rest;
		tail = 0;
	} else if (rest - *size < sizeof(struct record)) {
		*size = rest;
	}
	while (used + *size > LOG_SIZE)
		drop_oldest();
	return record_at(tail);
}

void kmsg_store(unsigned facility, unsigned level, const char *text, size_t len)
{
	struct record *r;
	u32 size;

	while (len && text[len - 1] == '\n')
		len--;
	len = min(len, (size_t)TEXT_MAX);
	size = (u32)round_up(sizeof(*r) + len, (size_t)8);
	r = make_room(&size);
	*r = (struct record){ .size = size, .len = (u16)len, .facility = (u8)facility, .level = (u8)level, .seq = next_seq++,
		.ts = ktime_get() };
	memcpy(r->text, text, len);
	used += size;
	wake_up_poll(&log_wait, EPOLLIN | EPOLLRDNORM);
}

void kmsg_log(unsigned level, const char *fmt, ...)
{
	char line[512];
	__builtin_va_list ap;
	int n;

	__builtin_va_start(ap, fmt);
	n = kvsnprintf(line, sizeof(line), fmt, ap);
	__builtin_va_end(ap);
	kmsg_store(0, level, line, min((size_t)n, sizeof(line) - 1));
}

/* The record @r is at, or NULL when it has read them all. What is gone is skipped. */
static struct record *reader_record(struct log_reader *r)
{
	struct record *rec;

	if (r->seq < first_seq)
		r->seq = first_seq, r->at = head;
	if (r->seq >= next_seq)
		return NULL;
	/* The place is kept from the record before; it is looked for when that was the end. */
	if (record_at(r->at)->seq != r->seq)
		for (r->at = head; record_at(r->at)->seq != r->seq; r->at = after(r->at))
			;
	rec = record_at(r->at);
	return rec;
}

static void reader_next(struct log_reader *r)
{
	r->at = after(r->at);
	r->seq++;
}

/* ---- the text that syslog(2) gives ---- */

/* Each line of the record with its level and time. Bytes, whether they fit in @size or not. */
static size_t record_text(const struct record *r, char *to, size_t size)
{
	size_t n = 0, from = 0, end;

	do {
		for (end = from; end < r->len && r->text[end] != '\n'; end++)
			;
		n += (size_t)ksnprintf(to + min(n, size), size - min(n, size), "<%u>[%5llu.%06llu] %.*s\n", r->facility << 3 | r->level,
			(unsigned long long)(r->ts / NSEC_PER_SEC), (unsigned long long)(r->ts % NSEC_PER_SEC / 1000),
			(int)(end - from), r->text + from);
		from = end + 1;
	} while (from <= r->len && end < r->len);
	return n;
}

#define FORMATTED_MAX (TEXT_MAX * 32u) /* a record of newlines alone */

/* What there is, at least a byte. Sleeps for it, unless @nonblock. Bytes; EAGAIN, EFAULT, ERESTARTSYS. */
static ssize_t read_shared(struct iov_iter *to, bool nonblock)
{
	char *line = kmalloc(FORMATTED_MAX);
	ssize_t done = 0;

	if (!line)
		return -ENOMEM;
	while (iov_iter_count(to)) {
		u64 seq = shared.seq;
		struct record *r = reader_record(&shared);
		size_t len, want;

		if (seq != shared.seq)
			shared_part = 0;
		if (!r) {
			long err;

			if (done)
				break;
			err = nonblock ? -EAGAIN : wait_event_interruptible(&log_wait, shared.seq < next_seq);
			if (err) {
				done = err;
				break;
			}
			continue;
		}
		len = record_text(r, line, FORMATTED_MAX);
		want = min(len - shared_part, iov_iter_count(to));
		seq = shared.seq;
		if (copy_to_iter(line + shared_part, want, to) != want) {
			done = done ? done : -EFAULT;
			break;
		}
		done += (ssize_t)want;
		if (shared.seq != seq)
			continue; /* another reader was quicker while the copy slept */
		shared_part += want;
		if (shared_part == len) {
			shared_part = 0;
			shared.seq++;
		}
	}
	kfree(line);
	return done;
}

/* The last records that fit in @size bytes. */
static long read_all(char __user *buf, size_t size)
{
	char *line = kmalloc(FORMATTED_MAX);
	struct log_reader at = { .seq = clear_seq };
	struct record *r;
	size_t total = 0, done = 0;

	if (!line)
		return -ENOMEM;
	for (; (r = reader_record(&at)); reader_next(&at))
		total += record_text(r, line, FORMATTED_MAX);
	for (at = (struct log_reader){ .seq = clear_seq }; total > size && (r = reader_record(&at)); reader_next(&at))
		total -= record_text(r, line, FORMATTED_MAX);
	for (; (r = reader_record(&at)); reader_next(&at)) {
		size_t len = record_text(r, line, FORMATTED_MAX);

		if (done + len > size)
			break;
		if (copy_to_user(buf + done, line, len)) {
			kfree(line);
			return -EFAULT;
		}
		done += len;
	}
	kfree(line);
	return (long)done;
}

static long unread(void)
{
	char *line = kmalloc(FORMATTED_MAX);
	struct log_reader at = shared;
	struct record *r;
	size_t n = 0;

	if (!line)
		return -ENOMEM;
	for (; (r = reader_record(&at)); reader_next(&at))
		n += record_text(r, line, FORMATTED_MAX);
	kfree(line);
	return (long)(n - min(n, shared_part));
}

/* ---- syslog(2) ---- */

enum { ACTION_CLOSE, ACTION_OPEN, ACTION_READ, ACTION_READ_ALL, ACTION_READ_CLEAR, ACTION_CLEAR, ACTION_CONSOLE_OFF,
	ACTION_CONSOLE_ON, ACTION_CONSOLE_LEVEL, ACTION_SIZE_UNREAD, ACTION_SIZE_BUFFER };

static int permitted(int type)
{
	if (!dmesg_restrict && (type == ACTION_READ_ALL || type == ACTION_SIZE_BUFFER))
		return 0;
	return capable(CAP_SYSLOG) ? 0 : -EPERM;
}

/* The console is umk's standard error, where nothing of the log goes: its level is a number that is kept. */
SYSCALL_DEFINE3(syslog, int, type, char __user *, buf, int, len)
{
	static int saved_level = -1;
	struct iov_iter to;
	long n = permitted(type);

	if (n)
		return n;
	switch (type) {
	case ACTION_CLOSE:
	case ACTION_OPEN:
		return 0;
	case ACTION_READ:
	case ACTION_READ_ALL:
	case ACTION_READ_CLEAR:
		if (!buf || len < 0)
			return -EINVAL;
		if (!len)
			return 0;
		if ((u64)(unsigned long)buf + (u64)len > trap_layout.task_size)
			return -EFAULT;
		if (type == ACTION_READ) {
			iov_iter_ubuf(&to, buf, (size_t)len);
			return read_shared(&to, false);
		}
		n = read_all(buf, (size_t)len);
		if (type == ACTION_READ_CLEAR)
			clear_seq = next_seq;
		return n;
	case ACTION_CLEAR:
		clear_seq = next_seq;
		return 0;
	case ACTION_CONSOLE_OFF:
		if (saved_level < 0)
			saved_level = console_level;
		console_level = CONSOLE_LEVEL_MIN;
		return 0;
	case ACTION_CONSOLE_ON:
		if (saved_level >= 0)
			console_level = saved_level;
		saved_level = -1;
		return 0;
	case ACTION_CONSOLE_LEVEL:
		if (len < 1 || len > 8)
			return -EINVAL;
		console_level = max(len, CONSOLE_LEVEL_MIN);
		saved_level = -1;
		return 0;
	case ACTION_SIZE_UNREAD:
		return unread();
	case ACTION_SIZE_BUFFER:
		return LOG_SIZE;
	}
	return -EINVAL;
}

/* ---- /proc/kmsg ---- */

static ssize_t proc_kmsg_read(struct file *f, struct iov_iter *to, u64 *pos __maybe_unused)
{
	return read_shared(to, f->flags & O_NONBLOCK);
}

static u32 proc_kmsg_poll(struct file *f __maybe_unused, struct poll_table *pt)
{
	poll_wait(pt, &log_wait);
	return shared.seq < next_seq ? EPOLLIN | EPOLLRDNORM : 0;
}

int proc_kmsg_open(const struct proc_ctx *c __maybe_unused, struct file *f __maybe_unused)
{
	return permitted(ACTION_OPEN);
}

const struct file_operations proc_kmsg_fops = { .name = "kmsg", .read = proc_kmsg_read, .poll = proc_kmsg_poll };

/* ---- /dev/kmsg ---- */

/* "level,number,microseconds,-;text", with bytes that are not printable as \xNN. */
static size_t device_text(const struct record *r, char *to, size_t size)
{
	size_t n = (size_t)ksnprintf(to, size, "%u,%llu,%llu,-;", r->facility << 3 | r->level, (unsigned long long)r->seq - 1,
		(unsigned long long)(r->ts / 1000));

	for (unsigned i = 0; i < r->len; i++) {
		u8 c = (u8)r->text[i];
		bool plain = c >= ' ' && c < 127 && c != '\\';

		n += (size_t)ksnprintf(to + n, size - n, plain ? "%c" : "\\x%02x", c);
	}
	return n + (size_t)ksnprintf(to + n, size - n, "\n");
}

static ssize_t dev_kmsg_read(struct file *f, struct iov_iter *to, u64 *pos __maybe_unused)
{
	struct log_reader *at = f->private;
	struct record *r;
	char *line;
	size_t len;

	if (at->seq >= next_seq) {
		long err = f->flags & O_NONBLOCK ? -EAGAIN : wait_event_interruptible(&log_wait, at->seq < next_seq);

		if (err)
			return err;
	}
	if (at->seq < first_seq) {
		reader_record(at);
		return -EPIPE; /* some were lost; the next call goes on */
	}
	line = kmalloc(TEXT_MAX * 4 + 64);
	if (!line)
		return -ENOMEM;
	r = reader_record(at);
	len = device_text(r, line, TEXT_MAX * 4 + 64);
	if (len > iov_iter_count(to)) {
		kfree(line);
		return -EINVAL;
	}
	reader_next(at);
	if (copy_to_iter(line, len, to) != len) {
		kfree(line);
		return -EFAULT;
	}
	kfree(line);
	return (ssize_t)len;
}

/* A line, perhaps with a "<priority>" of its own in front; programs cannot speak as the kernel. */
static ssize_t dev_kmsg_write(struct file *f __maybe_unused, struct iov_iter *from, u64 *pos __maybe_unused)
{
	unsigned level = DEFAULT_LEVEL, facility = FACILITY_USER, prio = 0;
	size_t size = iov_iter_count(from), i;
	char *line;

	if (size > TEXT_MAX)
		return -EINVAL;
	line = kmalloc(size + 1);
	if (!line)
		return -ENOMEM;
	if (copy_from_iter(line, size, from) != size) {
		kfree(line);
		return -EFAULT;
	}
	line[size] = 0;
	for (i = 1; line[0] == '<' && i < 6 && line[i] >= '0' && line[i] <= '9'; i++)
		prio = prio * 10 + (unsigned)(line[i] - '0');
	if (line[0] == '<' && i > 1 && line[i] == '>') {
		level = prio & 7;
		if (prio >> 3 & 0xff)
			facility = prio >> 3 & 0xff;
		i++;
	} else {
		i = 0;
	}
	kmsg_store(facility, level, line + i, strlen(line + i));
	kfree(line);
	return (ssize_t)size;
}

static loff_t dev_kmsg_llseek(struct file *f, loff_t off, int whence)
{
	struct log_reader *at = f->private;

	if (!at)
		return -EBADF;
	if (off)
		return -ESPIPE;
	/* SEEK_DATA (3): behind what has been cleared */
	if (whence != 0 && whence != 2 && whence != 3)
		return -EINVAL;
	*at = (struct log_reader){ .seq = whence == 0 ? first_seq : whence == 2 ? next_seq : clear_seq };
	return 0;
}

static u32 dev_kmsg_poll(struct file *f, struct poll_table *pt)
{
	struct log_reader *at = f->private;

	if (!at)
		return EPOLLERR | EPOLLIN | EPOLLRDNORM;
	poll_wait(pt, &log_wait);
	if (at->seq >= next_seq)
		return 0;
	return EPOLLIN | EPOLLRDNORM | (at->seq < first_seq ? EPOLLERR | EPOLLPRI : 0);
}

static void dev_kmsg_release(struct file *f)
{
	kfree(f->private);
}

static const struct file_operations dev_kmsg_fops = {
	.name = "kmsg", .read = dev_kmsg_read, .write = dev_kmsg_write, .llseek = dev_kmsg_llseek, .poll = dev_kmsg_poll,
	.release = dev_kmsg_release,
};

int dev_kmsg_open(struct inode *inode __maybe_unused, struct file *f)
{
	struct log_reader *at = NULL;

	if ((f->flags & O_ACCMODE) != O_WRONLY) {
		int err = permitted(ACTION_READ_ALL);

		if (err)
			return err;
		at = kzalloc(sizeof(*at));
		if (!at)
			return -ENOMEM;
		at->seq = first_seq;
	}
	f->private = at;
	f->ops = &dev_kmsg_fops;
	return 0;
}

void kmsg_init(void)
{
	static const struct ctl_table table[] = {
		{ "kernel/dmesg_restrict", 0644, SYSCTL_INT(dmesg_restrict, 0, 1) },
		{ 0 }
	};

	sysctl_register(table);
	kmsg_log(KERN_NOTICE, "Linux version %s (umk)", host_info.kernel_version);
	kmsg_log(KERN_INFO, "Memory: %lluK available", (unsigned long long)(nr_total_pages() * (PAGE_SIZE / 1024)));
}
