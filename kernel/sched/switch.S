/* The stack switch, and the first frame of every kernel stack. Only callee-saved registers are kept: the switch is an
 * ordinary call for the compiler. CFI lets gdb unwind a sleeping task from its saved stack pointer. */
	.text

/* void switch_stack(void **save_sp, void *new_sp) */
	.globl switch_stack
	.type switch_stack, @function
	.balign 16
switch_stack:
	.cfi_startproc
	pushq %rbp
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset rbp, 0
	pushq %rbx
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset rbx, 0
	pushq %r12
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r12, 0
	pushq %r13
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r13, 0
	pushq %r14
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r14, 0
	pushq %r15
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r15, 0
	movq %rsp, (%rdi)
	movq %rsi, %rsp
	popq %r15
	.cfi_adjust_cfa_offset -8
	.cfi_restore r15
	popq %r14
	.cfi_adjust_cfa_offset -8
	.cfi_restore r14
	popq %r13
	.cfi_adjust_cfa_offset -8
	.cfi_restore r13
	popq %r12
	.cfi_adjust_cfa_offset -8
	.cfi_restore r12
	popq %rbx
	.cfi_adjust_cfa_offset -8
	.cfi_restore rbx
	popq %rbp
	.cfi_adjust_cfa_offset -8
	.cfi_restore rbp
	ret
	.cfi_endproc
	.size switch_stack, . - switch_stack

/* Where the first switch to a task returns to: r12 holds the function, r13 its argument. The return address is
 * undefined, which ends every backtrace here. */
	.globl task_entry
	.type task_entry, @function
	.balign 16
task_entry:
	.cfi_startproc
	.cfi_undefined rip
	movq %r12, %rdi
	movq %r13, %rsi
	xorl %ebp, %ebp
	call task_first
	ud2
	.cfi_endproc
	.size task_entry, . - task_entry

	.section .note.GNU-stack, "", @progbits
