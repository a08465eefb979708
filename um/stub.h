/* What umk and the stub agree on: addresses, descriptors, the per-thread area, the doorbell.
 *
 * The stub is a tiny static program without libc (um/stub/), built to an ELF image that umk carries in itself. One
 * copy of it runs as the zygote, which forks clean children; a child's address space then holds only this window,
 * the host's vdso/vvar and guest mappings.
 *
 * All of the ctl memory is written by guests (they share the address space with it): the kernel copies what it reads
 * and validates after, and follows no pointer found there. */
#ifndef UMK_UM_STUB_H
#define UMK_UM_STUB_H

#ifndef __ASSEMBLER__
#include "types.h"
#include "ptrace.h"
#endif

/* ---- the window [STUB_BASE, STUB_END) of every stub address space ---- */
#define STUB_BASE 0x7fffe0000000
#define STUB_TEXT STUB_BASE                  /* stub code, read+exec: its syscall instructions are the allowed ones */
#define STUB_TEXT_SIZE 0x10000               /* [STUB_TEXT, +SIZE) is the range that the filter lets through */
#define STUB_SITE_ENTRY (STUB_TEXT + 0x40)   /* where the thunks of rewritten sites jump to */
#define STUB_MISS (STUB_BASE + 0x20000)      /* executable, but outside that range: the slow path of rewritten sites */
#define STUB_RODATA (STUB_BASE + 0x40000)
#define STUB_ZYGOTE (STUB_BASE + 0x80000)    /* zygote code and data; children unmap it */
#define STUB_ZYGOTE_SIZE 0x80000
#define STUB_CTL (STUB_BASE + 0x1000000)     /* the ctl memfd, shared: struct stub_ctl, then the areas */
#define STUB_CTL_HEADER 0x100000             /* bytes before the first area */
#define STUB_AREAS (STUB_CTL + STUB_CTL_HEADER)
#define STUB_AREA_SHIFT 16
#define STUB_AREA_SIZE (1 << STUB_AREA_SHIFT)
#define STUB_MAX_AREAS 3584                  /* guest threads at once, system-wide */
#define STUB_CTL_SIZE (STUB_CTL_HEADER + STUB_MAX_AREAS * STUB_AREA_SIZE)
#define STUB_END 0x7ffff0000000
#define STUB_GS_TAG 0x7fffe

/* The host signal by which the kernel interrupts a thread: a real-time one that nothing else uses. */
#define STUB_SIG_KICK 63
#define STUB_FILTER_BYTES 65536

/* ---- descriptors of zygote and stubs ---- */
#define STUB_PHYS_FD 3  /* physmem */
#define STUB_CTL_FD 4   /* ctl memory; the zygote maps it and closes it */
#define STUB_BELL_FD 5  /* the doorbell eventfd */
#define STUB_ZYGOTE_FD 6 /* the zygote's end of its socket; closed in children */
#define STUB_FILE_FD 256 /* and up: host files, open for reading only, that guests have mapped; umk puts them there */
#define STUB_FILES 256   /* a power of two, and STUB_FILE_FD a multiple of it */

/* ---- offsets in an area ---- */
#define AREA_FRAME 0
#define AREA_XSAVE 0x1000       /* 16 KiB, 64-aligned */
#define AREA_STACK 0x5000       /* stub's own stack: [0x5000, 0x7000) */
#define AREA_STACK_END 0x7000
#define AREA_ALT 0x8000         /* host's alternate signal stack: [0x8000, 0x10000) */
#define AREA_ALT_SIZE 0x8000

/* ---- offsets in struct stub_frame that entry.S uses; checked below ---- */
#define FRAME_EVENT 8
#define FRAME_KICK 20
#define FRAME_EXACT 16
#define FRAME_SITE 32
#define FRAME_FS 40
#define FRAME_REGS 64
#define FRAME_REGS_ORIG_AX (FRAME_REGS + 120)
#define FRAME_REGS_FLAGS (FRAME_REGS + 144)
#define FRAME_REGS_SP (FRAME_REGS + 152)
#define STUB_EV_SITE_NR 2
#define STUB_EV_INTERRUPT_NR 4

#ifndef __ASSEMBLER__

enum stub_state {
	STUB_GUEST = 0,    /* the stub owns it: guest runs, or the stub is on its way in or out */
	STUB_POSTED = 1,   /* the kernel owns it: an event is here, the stub spins or sleeps */
	STUB_REPLY = 2,    /* the kernel has answered: do the operations, run the guest */
	STUB_WORK = 3,     /* the kernel wants the operations done and acknowledged: then POSTED again */
};
enum stub_event {
	STUB_EV_READY,     /* a new thread is in its wait loop */
	STUB_EV_SYSCALL,   /* trapped instruction */
	STUB_EV_SITE,      /* rewritten site: site_word holds (index << 16 | flags), ip and ax are the kernel's to fill */
	STUB_EV_FAULT,
	STUB_EV_INTERRUPT,
	STUB_EV_ACK,       /* STUB_WORK is done */
};
/* Operations; what is not in this list the stub cannot do. */
enum stub_op_kind {
	STUB_OP_MAP,       /* addr size prot phys populate */
	STUB_OP_UNMAP,     /* addr size */
	STUB_OP_PROTECT,   /* addr size prot */
	STUB_OP_SAVE_FP,   /* registers to AREA_XSAVE, and the bases to the frame */
	STUB_OP_LOAD_FP,   /* AREA_XSAVE to registers */
	STUB_OP_SET_BASES, /* frame's bases to fs and gs */
	STUB_OP_RESET,     /* the host's mask and stack for signals as a new thread has them */
	STUB_OP_CLONE,     /* a new thread that uses area number addr; result = host tid or -errno */
	STUB_OP_TAKE_FILE, /* asks umk for the file that is to be descriptor addr */
	STUB_OP_CLOSE_FILE, /* descriptor addr */
};
struct stub_op {
	u32 kind;
	u32 prot;          /* bit 31: populate */
	u64 addr, size;
	u64 phys;          /* offset in physmem, or a place in a host file: STUB_PHYS_FILE */
};
#define STUB_OP_POPULATE 0x80000000u
/* "Physical" addresses from here on are those of host files: a file has a number, of which the low bits say which descriptor it is. */
#define STUB_PHYS_FILE (1ull << 63)
#define STUB_FILE_SHIFT 40
#define STUB_FILE_IDS (1u << (63 - STUB_FILE_SHIFT))
static inline int stub_file_fd(u64 phys)
{
	return STUB_FILE_FD + (int)(phys >> STUB_FILE_SHIFT & (STUB_FILES - 1));
}
static inline u64 stub_file_offset(u64 phys)
{
	return phys & ((1ull << STUB_FILE_SHIFT) - 1);
}
#define STUB_MAX_OPS 64

/* How the stub is to wait for the answer, once it is known that it takes long. 0: it spins for a time, then sleeps. */
#define STUB_SLEEP 1u                      /* at once */
#define STUB_YIELD 2u                      /* the CPU is somebody else's: it yields at most STUB_YIELDS times, then sleeps */
#define STUB_WAKE(area) (((area) + 1) << 2) /* before either it wakes the thread of that area */
#define STUB_YIELDS 100

struct stub_frame {
	/* line 0: the hand-off; nothing else that is written on the empty path */
	u32 state;         /* enum stub_state; futex word */
	u32 sleeping;      /* the stub is (about to be) in futex wait */
	u32 event;         /* enum stub_event */
	u32 nops;          /* operations to do with this reply */
	u32 exact;         /* 1: every register is exact (leave by iretq); 0: cx and r11 are free */
	u32 kick;          /* the kernel wants a STUB_EV_INTERRUPT instead of guest code */
	u32 rest;          /* STUB_SLEEP and kin */
	u32 spin;          /* rounds to spin before sleeping */
	u64 site_word;     /* at STUB_EV_SITE; with a brief reply the address to go on at */
	u64 fs_base;       /* at the event */
	u64 ret;           /* with a brief reply: ax */
	u32 index;         /* of this area */
	u32 brief;         /* 1: of the registers below only ax, cx, r11 and ip change, and the stub knows how: the kernel
			    * has not touched their cache lines */
	/* line 1.. : registers at the event, and to run with */
	struct pt_regs regs __aligned(64);
	/* details of STUB_EV_FAULT */
	u32 signo __aligned(64), code;
	u64 addr, trapno, error_code, call_addr;
	u64 gs_base;       /* at a trapped event */
	u32 arch, fp_in_signal_frame;
	s64 result;        /* of the last STUB_OP_CLONE; first error of the mapping operations otherwise */
	u32 dropped;       /* times the stub dropped its mappings because the host refused one more */
	struct stub_op ops[STUB_MAX_OPS] __aligned(64);
};
_Static_assert(sizeof(struct stub_frame) <= 4096, "frame fits its page");
_Static_assert(offsetof(struct stub_frame, event) == FRAME_EVENT, "entry.S");
_Static_assert(offsetof(struct stub_frame, exact) == FRAME_EXACT, "entry.S");
_Static_assert(offsetof(struct stub_frame, kick) == FRAME_KICK, "entry.S");
_Static_assert(offsetof(struct stub_frame, site_word) == FRAME_SITE, "entry.S");
_Static_assert(offsetof(struct stub_frame, fs_base) == FRAME_FS, "entry.S");
_Static_assert(offsetof(struct stub_frame, regs) == FRAME_REGS, "entry.S");
_Static_assert(offsetof(struct stub_frame, regs.orig_ax) == FRAME_REGS_ORIG_AX, "entry.S");
_Static_assert(offsetof(struct stub_frame, regs.flags) == FRAME_REGS_FLAGS, "entry.S");
_Static_assert(offsetof(struct stub_frame, regs.sp) == FRAME_REGS_SP, "entry.S");
_Static_assert((int)STUB_EV_SITE == STUB_EV_SITE_NR && (int)STUB_EV_INTERRUPT == STUB_EV_INTERRUPT_NR, "entry.S");

/* Rewritten sites find their thread's area by %gs: while the guest's own gs base is 0 (nearly always) the register holds
 * the area's address, which lies in the window: base >> 28 == STUB_GS_TAG. Any other value sends the call to the slow
 * path, so a guest that uses %gs keeps its value and loses only the speed. */
struct stub_ctl {
	/* line 0: written by stubs, polled by the kernel */
	u64 summary;                    /* bit i: word i of bell has bits */
	u64 pad0[7];
	/* line 1: written by the kernel */
	u32 kernel_sleeping;            /* ring the eventfd */
	s32 watch;                      /* the area whose frame the kernel polls: it need not ring; -1 none */
	u32 xsave_size;
	u32 fsgsbase;                   /* rdfsbase and kin may be used */
	u64 xfeatures;
	u32 kernel_away;                /* it answers nobody for some time: do not spin for it */
	u32 pad2[7];
	u64 bell[64];                   /* bit i of word w: area w*64+i has an event */

	/* written by umk before the first guest exists, read by the zygote */
	u32 filter_len __aligned(64);   /* instructions */
	u8 filter[STUB_FILTER_BYTES] __aligned(64); /* struct sock_filter[] */
};
_Static_assert(sizeof(struct stub_ctl) <= STUB_CTL_HEADER, "ctl header fits");

/* What umk and the zygote say to each other over their socket, which no guest holds (the ctl memory would not do: guests
 * write it). The zygote greets with a zygote_hello; umk sends one zygote_setup and gets an s64, 0 or -errno; then each
 * request is a u32, the area number of a new child, and its answer an s64, the child's pid or -errno. */
struct zygote_hello {
	u64 vdso;                       /* AT_SYSINFO_EHDR, 0 if there is none */
};
#define ZYGOTE_MAX_RANGES 24
struct zygote_setup {
	u32 use_filter;                 /* seccomp backend: map the ctl memory, install handlers and filter */
	u32 use_listener;               /* ask umk about the filter's notified calls: its descriptor comes with the answer */
	u32 umk_pid;
	u32 nr_drop, nr_move;
	struct { u64 start, size; } drop[ZYGOTE_MAX_RANGES];    /* left over from exec: unmapped */
	struct { u64 start, size, to; } move[ZYGOTE_MAX_RANGES]; /* vdso and vvar that lie where guests will be */
};

#endif
#endif
