/* Entries of the system-call table. SYSCALL_DEFINEn(name, type1, arg1, ...) makes
 *   long __x64_sys_name(const struct pt_regs *)   reads just the arguments it takes, then tail-jumps to
 *   static long __do_sys_name(type1 arg1, ...)    the body
 * and a struct syscall_metadata for the tracer. The entries are called from the table only; kernel code that needs the
 * same work calls a __sys_*, do_* or ksys_* helper. */
#ifndef UMK_SYSCALLS_H
#define UMK_SYSCALLS_H

#include "types.h"
#include "ptrace.h"
#include "kerrno.h"
#include "uaccess.h"

struct syscall_metadata {
	const char *name;
	u8 nargs;
	const char *types[6];
	const char *args[6];
};
typedef long (*syscall_fn)(const struct pt_regs *regs);

/* kernel/syscall.c and the generated tables (kernel/syscall.tbl) */
#define NR_SYSCALLS_MAX 512
extern const syscall_fn sys_call_table[];
extern const unsigned sys_call_table_size;
extern const syscall_fn ia32_sys_call_table[];
extern const unsigned ia32_sys_call_table_size;
extern const struct syscall_metadata *const syscall_metadata[]; /* by x86-64 number, NULL if none */
extern const bool syscall_refused[];                            /* answers ENOSYS as some Linux does: not the ledger's */
extern const char *const syscall_names[];                       /* every x86-64 number, NULL in holes */
void do_syscall_64(struct pt_regs *regs);

/* SC_MAP(n, m, type, name, ...) applies m to each pair. */
#define SC_MAP0(m, ...)
#define SC_MAP1(m, t, a, ...) m(t, a)
#define SC_MAP2(m, t, a, ...) m(t, a), SC_MAP1(m, __VA_ARGS__)
#define SC_MAP3(m, t, a, ...) m(t, a), SC_MAP2(m, __VA_ARGS__)
#define SC_MAP4(m, t, a, ...) m(t, a), SC_MAP3(m, __VA_ARGS__)
#define SC_MAP5(m, t, a, ...) m(t, a), SC_MAP4(m, __VA_ARGS__)
#define SC_MAP6(m, t, a, ...) m(t, a), SC_MAP5(m, __VA_ARGS__)
#define SC_MAP(n, ...) SC_MAP##n(__VA_ARGS__)
#define SC_DECL(t, a) t a
#define SC_TYPE(t, a) #t
#define SC_NAME(t, a) #a
/* Pointers and integers alike come from a register; narrow integers are truncated, as the ABI allows. */
#define SC_CAST(t, v) ((t)(v))

#define SC_X64_0(r)
#define SC_X64_1(r, t1, a1) SC_CAST(t1, r->di)
#define SC_X64_2(r, t1, a1, t2, a2) SC_X64_1(r, t1, a1), SC_CAST(t2, r->si)
#define SC_X64_3(r, t1, a1, t2, a2, t3, a3) SC_X64_2(r, t1, a1, t2, a2), SC_CAST(t3, r->dx)
#define SC_X64_4(r, t1, a1, t2, a2, t3, a3, t4, a4) SC_X64_3(r, t1, a1, t2, a2, t3, a3), SC_CAST(t4, r->r10)
#define SC_X64_5(r, t1, a1, t2, a2, t3, a3, t4, a4, t5, a5) \
	SC_X64_4(r, t1, a1, t2, a2, t3, a3, t4, a4), SC_CAST(t5, r->r8)
#define SC_X64_6(r, t1, a1, t2, a2, t3, a3, t4, a4, t5, a5, t6, a6) \
	SC_X64_5(r, t1, a1, t2, a2, t3, a3, t4, a4, t5, a5), SC_CAST(t6, r->r9)
#define SC_IA32_0(r)
#define SC_IA32_1(r, t1, a1) SC_CAST(t1, (unsigned long)(u32)r->bx)
#define SC_IA32_2(r, t1, a1, t2, a2) SC_IA32_1(r, t1, a1), SC_CAST(t2, (unsigned long)(u32)r->cx)
#define SC_IA32_3(r, t1, a1, t2, a2, t3, a3) SC_IA32_2(r, t1, a1, t2, a2), SC_CAST(t3, (unsigned long)(u32)r->dx)
#define SC_IA32_4(r, t1, a1, t2, a2, t3, a3, t4, a4) SC_IA32_3(r, t1, a1, t2, a2, t3, a3), SC_CAST(t4, (unsigned long)(u32)r->si)
#define SC_IA32_5(r, t1, a1, t2, a2, t3, a3, t4, a4, t5, a5) \
	SC_IA32_4(r, t1, a1, t2, a2, t3, a3, t4, a4), SC_CAST(t5, (unsigned long)(u32)r->di)
#define SC_IA32_6(r, t1, a1, t2, a2, t3, a3, t4, a4, t5, a5, t6, a6) \
	SC_IA32_5(r, t1, a1, t2, a2, t3, a3, t4, a4, t5, a5), SC_CAST(t6, (unsigned long)(u32)r->bp)

/* A file whose bodies are all one call of a helper (net/sockentry.c) defines SYSCALL_THIN_BODIES before including this: the
 * body is then part of the entry. Elsewhere the entry jumps to the body. */
#ifdef SYSCALL_THIN_BODIES
#define SC_BODY inline __attribute__((always_inline))
#else
#define SC_BODY __attribute__((noinline))
#endif

#define SC_METADATA(n, sym, text, ...)                                                \
	extern const struct syscall_metadata syscall_meta_##sym;                      \
	const struct syscall_metadata syscall_meta_##sym = {                          \
		.name = text, .nargs = n,                                             \
		.types = { SC_MAP(n, SC_TYPE, ##__VA_ARGS__) },                       \
		.args = { SC_MAP(n, SC_NAME, ##__VA_ARGS__) } };

#define SYSCALL_DEFINE0(name)                                                         \
	SC_METADATA(0, name, #name)                                                   \
	long __x64_sys_##name(const struct pt_regs *regs);                            \
	long __ia32_sys_##name(const struct pt_regs *regs);                           \
	static long __do_sys_##name(void);                                            \
	long __x64_sys_##name(const struct pt_regs *regs __maybe_unused) { return __do_sys_##name(); }  \
	long __ia32_sys_##name(const struct pt_regs *regs __maybe_unused) { return __do_sys_##name(); } \
	static SC_BODY long __do_sys_##name(void)
#define SYSCALL_DEFINEx(n, name, ...)                                                 \
	SC_METADATA(n, name, #name, __VA_ARGS__)                                      \
	long __x64_sys_##name(const struct pt_regs *regs);                            \
	long __ia32_sys_##name(const struct pt_regs *regs);                           \
	static long __do_sys_##name(SC_MAP(n, SC_DECL, __VA_ARGS__));                 \
	long __x64_sys_##name(const struct pt_regs *regs)                             \
	{ return __do_sys_##name(SC_X64_##n(regs, __VA_ARGS__)); }                    \
	long __ia32_sys_##name(const struct pt_regs *regs)                            \
	{ return __do_sys_##name(SC_IA32_##n(regs, __VA_ARGS__)); }                   \
	static SC_BODY long __do_sys_##name(SC_MAP(n, SC_DECL, __VA_ARGS__))
#define SYSCALL_DEFINE1(name, ...) SYSCALL_DEFINEx(1, name, __VA_ARGS__)
#define SYSCALL_DEFINE2(name, ...) SYSCALL_DEFINEx(2, name, __VA_ARGS__)
#define SYSCALL_DEFINE3(name, ...) SYSCALL_DEFINEx(3, name, __VA_ARGS__)
#define SYSCALL_DEFINE4(name, ...) SYSCALL_DEFINEx(4, name, __VA_ARGS__)
#define SYSCALL_DEFINE5(name, ...) SYSCALL_DEFINEx(5, name, __VA_ARGS__)
#define SYSCALL_DEFINE6(name, ...) SYSCALL_DEFINEx(6, name, __VA_ARGS__)

#define COMPAT_SYSCALL_DEFINE0(name)                                                  \
	SC_METADATA(0, compat_##name, #name)                                          \
	long __ia32_compat_sys_##name(const struct pt_regs *regs);                    \
	static long __do_compat_sys_##name(void);                                     \
	long __ia32_compat_sys_##name(const struct pt_regs *regs __maybe_unused)      \
	{ return __do_compat_sys_##name(); }                                          \
	static SC_BODY long __do_compat_sys_##name(void)
#define COMPAT_SYSCALL_DEFINEx(n, name, ...)                                          \
	SC_METADATA(n, compat_##name, #name, __VA_ARGS__)                             \
	long __ia32_compat_sys_##name(const struct pt_regs *regs);                    \
	static long __do_compat_sys_##name(SC_MAP(n, SC_DECL, __VA_ARGS__));          \
	long __ia32_compat_sys_##name(const struct pt_regs *regs)                     \
	{ return __do_compat_sys_##name(SC_IA32_##n(regs, __VA_ARGS__)); }            \
	static SC_BODY long __do_compat_sys_##name(SC_MAP(n, SC_DECL, __VA_ARGS__))
#define COMPAT_SYSCALL_DEFINE1(name, ...) COMPAT_SYSCALL_DEFINEx(1, name, __VA_ARGS__)
#define COMPAT_SYSCALL_DEFINE2(name, ...) COMPAT_SYSCALL_DEFINEx(2, name, __VA_ARGS__)
#define COMPAT_SYSCALL_DEFINE3(name, ...) COMPAT_SYSCALL_DEFINEx(3, name, __VA_ARGS__)
#define COMPAT_SYSCALL_DEFINE4(name, ...) COMPAT_SYSCALL_DEFINEx(4, name, __VA_ARGS__)
#define COMPAT_SYSCALL_DEFINE5(name, ...) COMPAT_SYSCALL_DEFINEx(5, name, __VA_ARGS__)
#define COMPAT_SYSCALL_DEFINE6(name, ...) COMPAT_SYSCALL_DEFINEx(6, name, __VA_ARGS__)

#endif
