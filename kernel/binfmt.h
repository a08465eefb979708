/* The program loaders and what execve hands to them. */
#ifndef UMK_KERNEL_BINFMT_H
#define UMK_KERNEL_BINFMT_H

#include "cred.h"
#include "types.h"
#include <linux/elf.h>

struct file;
struct mm;

#define BINPRM_BUF_SIZE 256
#define SCRIPT_DEPTH_MAX 5

/* Strings one behind the other, each with its NUL. */
struct arg_list {
	char *data;
	size_t used, size;
	u32 count;
};
/* Appends @len bytes and a NUL. 0 or -ENOMEM. */
int arg_append(struct arg_list *l, const char *s, size_t len);
void arg_free(struct arg_list *l);

struct elf_image {
	Elf64_Ehdr hdr;
	Elf64_Phdr *phdr; /* hdr.e_phnum of them, kmalloc'd */
};

struct binprm {
	struct file *file;        /* being looked at: the program, a script, its interpreter; writers denied */
	u8 buf[BINPRM_BUF_SIZE];  /* its beginning, zero-filled */
	char *filename;           /* AT_EXECFN and comm: what the caller named, kmalloc'd */
	char *interp;             /* what a script is told is its own name, kmalloc'd; NULL: filename */
	bool path_inaccessible;   /* filename names a descriptor that execve closes */
	bool check_only;          /* AT_EXECVE_CHECK: nothing is to run */
	bool committed;           /* the old program is gone */
	struct exec_rights rights;
	struct arg_list argv, envp;
	u32 argv_skip;            /* bytes of argv that scripts have replaced: 0 or the length of argv[0] with its NUL */
	struct arg_list prefix;   /* what scripts put there */
	size_t arg_limit;         /* bytes that all strings may have */

	/* binfmt_elf.c's */
	struct elf_image exec, interp_image;
	struct file *interp_file;
	bool exec_stack;
};

/* A regular file that may be executed, with writers denied; ERR_PTR(-EACCES, -ENOENT, -ETXTBSY ...). */
struct file *open_exec(int dfd, const char *path, int flags);
void close_exec(struct file *f);

/* Splits the "#!" line in buf: *name and *arg (or NULL) point into buf, NUL-ended. 0, or -ENOEXEC. */
int script_parse(u8 *buf, char **name, char **arg);
/* If b->file is a script, puts its interpreter in its place. 0; -ENOEXEC: it is none; or why it failed. */
int load_script(struct binprm *b);

/* Is this the header of a program that umk can run? 0 or -ENOEXEC. */
int elf_check_header(const Elf64_Ehdr *h);
/* Bytes from the first to the last PT_LOAD; 0 if there is none or they make no sense. */
u64 elf_total_size(const Elf64_Phdr *ph, unsigned count, u64 task_size, u64 *first);
/* Everything that can be checked while the old program lives; opens the ELF interpreter. 0, -ENOEXEC, -ELIBBAD ... */
int elf_prepare(struct binprm *b);
/* Builds the program in current's new mm and sets current's registers. An error is the end of the process. */
int elf_load(struct binprm *b);
void elf_release(struct binprm *b);

#endif
