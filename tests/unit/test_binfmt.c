/* kernel/binfmt_script.c and the checks of kernel/binfmt_elf.c */
#include "kerrno.h"
#include "kernel/binfmt.h"
#include "string.h"

static u8 line[BINPRM_BUF_SIZE];
static char *name, *arg;

static int parse(const char *text)
{
	memset(line, 0, sizeof(line));
	memcpy(line, text, min(strlen(text), sizeof(line)));
	return script_parse(line, &name, &arg);
}

START_TEST(test_script_forms)
{
	ck_assert_int_eq(parse("#!/bin/sh\n"), 0);
	ck_assert(!strcmp(name, "/bin/sh") && !arg);
	ck_assert_int_eq(parse("#!  /bin/sh  \necho"), 0);
	ck_assert(!strcmp(name, "/bin/sh") && !arg);
	ck_assert_int_eq(parse("#!/usr/bin/env\tpython3 -u \t\n"), 0);
	ck_assert(!strcmp(name, "/usr/bin/env") && !strcmp(arg, "python3 -u"));
	ck_assert_int_eq(parse("#!/bin/sh"), 0);
	ck_assert(!strcmp(name, "/bin/sh"));
}
END_TEST

START_TEST(test_script_refused)
{
	char text[BINPRM_BUF_SIZE + 1];

	ck_assert_int_eq(parse("#"), -ENOEXEC);
	ck_assert_int_eq(parse("echo hello\n"), -ENOEXEC);
	ck_assert_int_eq(parse("#!"), -ENOEXEC);
	ck_assert_int_eq(parse("#! \t \n/bin/sh"), -ENOEXEC);
	memset(text, 'a', sizeof(text) - 1);
	memcpy(text, "#!/", 3);
	text[BINPRM_BUF_SIZE] = 0;
	ck_assert_int_eq(parse(text), -ENOEXEC);
	text[100] = ' '; /* the name is whole, the argument cut */
	ck_assert_int_eq(parse(text), 0);
	ck_assert_int_eq(strlen(name), 98);
	ck_assert_int_eq(strlen(arg), BINPRM_BUF_SIZE - 1 - 101);
}
END_TEST

static Elf64_Ehdr good_header(void)
{
	Elf64_Ehdr h;

	memset(&h, 0, sizeof(h));
	memcpy(h.e_ident, ELFMAG, SELFMAG);
	h.e_type = ET_EXEC;
	h.e_machine = EM_X86_64;
	h.e_phentsize = sizeof(Elf64_Phdr);
	h.e_phnum = 1;
	return h;
}

START_TEST(test_elf_header)
{
	Elf64_Ehdr h = good_header();

	ck_assert_int_eq(elf_check_header(&h), 0);
	h.e_type = ET_DYN;
	ck_assert_int_eq(elf_check_header(&h), 0);
	h.e_type = ET_REL;
	ck_assert_int_eq(elf_check_header(&h), -ENOEXEC);
	h = good_header();
	h.e_machine = EM_386;
	ck_assert_int_eq(elf_check_header(&h), -ENOEXEC);
	h.e_machine = EM_AARCH64;
	ck_assert_int_eq(elf_check_header(&h), -ENOEXEC);
	h = good_header();
	h.e_ident[3] = 'G';
	ck_assert_int_eq(elf_check_header(&h), -ENOEXEC);
	h = good_header();
	h.e_phnum = 0;
	ck_assert_int_eq(elf_check_header(&h), -ENOEXEC);
	h.e_phnum = 65536 / sizeof(Elf64_Phdr);
	ck_assert_int_eq(elf_check_header(&h), 0);
	h.e_phnum++;
	ck_assert_int_eq(elf_check_header(&h), -ENOEXEC);
	h = good_header();
	h.e_phentsize--;
	ck_assert_int_eq(elf_check_header(&h), -ENOEXEC);
}
END_TEST

#define TOP 0x7fffe0000000ul

START_TEST(test_elf_size)
{
	Elf64_Phdr ph[3] = {
		{ .p_type = PT_LOAD, .p_vaddr = 0x401234, .p_filesz = 0x100, .p_memsz = 0x200 },
		{ .p_type = PT_NOTE, .p_vaddr = ~0ul, .p_memsz = ~0ul },
		{ .p_type = PT_LOAD, .p_vaddr = 0x500000, .p_filesz = 0, .p_memsz = 0x1000 },
	};
	u64 first = 0;

	ck_assert_uint_eq(elf_total_size(ph, 3, TOP, &first), 0x100000);
	ck_assert_uint_eq(first, 0x401000);
	ck_assert_uint_eq(elf_total_size(ph + 1, 1, TOP, &first), 0);
	ph[2].p_vaddr = TOP;
	ck_assert_uint_eq(elf_total_size(ph, 3, TOP, &first), 0);
	ph[2].p_vaddr = TOP - 0x1000;
	ck_assert_uint_ne(elf_total_size(ph, 3, TOP, &first), 0);
	ph[2].p_memsz = 0x1001;
	ck_assert_uint_eq(elf_total_size(ph, 3, TOP, &first), 0);
	ph[2].p_memsz = ~0ul;
	ck_assert_uint_eq(elf_total_size(ph, 3, TOP, &first), 0);
	ph[2].p_memsz = 0x10;
	ph[2].p_filesz = 0x11;
	ck_assert_uint_eq(elf_total_size(ph, 3, TOP, &first), 0);
}
END_TEST

UNIT_MAIN("binfmt", test_script_forms, test_script_refused, test_elf_header, test_elf_size)
