/* The stub's doors: host signals in, rewritten sites in, the guest out, thread start, system calls of its own.
 *
 * While stub code runs, %rbx holds the thread's area, %rsp its private stack, and the guest's vector state is live in the
 * registers (the stub is built without vector instructions), so that leaving is the same for every way in. A host signal
 * that lands here is a kick or a hostile guest's doing: stub_signal() tells by the instruction pointer. */
#include "../stub.h"

	.section .stub.gadget, "ax", @progbits
	.globl stub_gadget
	.type stub_gadget, @function
stub_gadget: /* the ptrace backend's injected calls; must be the first bytes of STUB_TEXT */
	syscall
	int3
	.size stub_gadget, . - stub_gadget

	.text

/* Every handler: rdi signal, rsi siginfo, rdx ucontext; on the alternate stack. */
	.globl stub_handler
	.type stub_handler, @function
	.p2align 4
stub_handler:
	.cfi_startproc
	.cfi_signal_frame
	cld
	movq %rsp, %rbx
	andq $-STUB_AREA_SIZE, %rbx
	subq $8, %rsp
	.cfi_adjust_cfa_offset 8
	movq %rbx, %rcx
	call stub_signal
	addq $8, %rsp
	.cfi_adjust_cfa_offset -8
	testq %rax, %rax
	jz 1f
	/* An event: the guest's vector state back into the registers, then on to the stub's own stack. */
	movq %rax, %rdi
	movl $-1, %eax
	movl %eax, %edx
	xrstor64 (%rdi)
	leaq AREA_STACK_END(%rbx), %rsp
	jmp stub_loop
1:	ret /* to stub_restorer */
	.cfi_endproc
	.size stub_handler, . - stub_handler

	.globl stub_restorer
	.type stub_restorer, @function
stub_restorer:
	movl $15, %eax /* rt_sigreturn */
	syscall
	ud2
	.size stub_restorer, . - stub_restorer

/* A rewritten site, from its thunk: eax = index << 16 | lahf's flags << 8 | OF; rcx and r11 free, flags clobbered from
 * here on, everything else the guest's. */
	.section .stub.site, "ax", @progbits
	.globl stub_site_entry
	.type stub_site_entry, @function
stub_site_entry:
	.cfi_startproc
	.cfi_signal_frame
	.cfi_undefined %rip
	rdgsbase %r11
	movq %r11, %rcx
	shrq $28, %rcx
	cmpl $STUB_GS_TAG, %ecx
	jne stub_miss
	movq %rax, FRAME_SITE(%r11)
	movq %rsp, FRAME_REGS_SP(%r11)
	leaq FRAME_REGS_SP(%r11), %rsp
	addb $0x7f, %al
	sahf
	pushfq
	leaq FRAME_REGS_ORIG_AX(%r11), %rsp
	pushq %rdi
	pushq %rsi
	pushq %rdx
	pushq %rcx
	pushq %rax
	pushq %r8
	pushq %r9
	pushq %r10
	pushq %r11
	pushq %rbx
	pushq %rbp
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	movq %r11, %rbx
	leaq AREA_STACK_END(%rbx), %rsp
	cld
	rdfsbase %rax
	movq %rax, FRAME_FS(%rbx)
	movl $STUB_EV_SITE_NR, FRAME_EVENT(%rbx)
	.cfi_endproc
	/* falls through */

/* Posts the event of the area in rbx, waits for the answer, and runs the guest. */
	.globl stub_loop
	.type stub_loop, @function
stub_loop:
	.cfi_startproc simple
	.cfi_signal_frame
	/* The caller is the guest: its registers lie in the frame of the area whose stack this is. (At a rewritten site the
	 * kernel knows ip; the frame has it from the reply on.) */
	.cfi_def_cfa %rsp, 0
	.cfi_offset %r15, FRAME_REGS - AREA_STACK_END
	.cfi_offset %r14, FRAME_REGS + 8 - AREA_STACK_END
	.cfi_offset %r13, FRAME_REGS + 16 - AREA_STACK_END
	.cfi_offset %r12, FRAME_REGS + 24 - AREA_STACK_END
	.cfi_offset %rbp, FRAME_REGS + 32 - AREA_STACK_END
	.cfi_offset %rbx, FRAME_REGS + 40 - AREA_STACK_END
	.cfi_offset %r11, FRAME_REGS + 48 - AREA_STACK_END
	.cfi_offset %r10, FRAME_REGS + 56 - AREA_STACK_END
	.cfi_offset %r9, FRAME_REGS + 64 - AREA_STACK_END
	.cfi_offset %r8, FRAME_REGS + 72 - AREA_STACK_END
	.cfi_offset %rax, FRAME_REGS + 80 - AREA_STACK_END
	.cfi_offset %rcx, FRAME_REGS + 88 - AREA_STACK_END
	.cfi_offset %rdx, FRAME_REGS + 96 - AREA_STACK_END
	.cfi_offset %rsi, FRAME_REGS + 104 - AREA_STACK_END
	.cfi_offset %rdi, FRAME_REGS + 112 - AREA_STACK_END
	.cfi_offset %rip, FRAME_REGS + 128 - AREA_STACK_END
	.cfi_offset %rsp, FRAME_REGS + 152 - AREA_STACK_END
	movq %rbx, %rdi
	call stub_exchange
	.globl stub_exit
stub_exit: /* from here to stub_exit_end a kick is not lost: the handler moves ip to stub_kicked */
	cmpl $0, FRAME_KICK(%rbx)
	jne stub_kicked
	cmpl $0, FRAME_EXACT(%rbx)
	leaq FRAME_REGS(%rbx), %rsp
	jne 2f
	/* cx is ip and r11 is flags already */
	movq FRAME_REGS_FLAGS - FRAME_REGS(%rsp), %rax
	leaq AREA_STACK_END(%rbx), %rsp
	pushq %rax
	popfq
	leaq FRAME_REGS(%rbx), %rsp
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbp
	popq %rbx
	popq %r11
	popq %r10
	popq %r9
	popq %r8
	popq %rax
	popq %rcx
	popq %rdx
	popq %rsi
	popq %rdi
	movq FRAME_REGS_SP - FRAME_REGS_ORIG_AX(%rsp), %rsp
	jmp *%rcx
2:	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbp
	popq %rbx
	popq %r11
	popq %r10
	popq %r9
	popq %r8
	popq %rax
	popq %rcx
	popq %rdx
	popq %rsi
	popq %rdi
	addq $8, %rsp
	iretq
	.globl stub_exit_end
stub_exit_end:
	.globl stub_kicked
stub_kicked: /* rbx = area; frame.regs still holds what was to be run */
	leaq AREA_STACK_END(%rbx), %rsp
	cld
	movl $STUB_EV_INTERRUPT_NR, FRAME_EVENT(%rbx)
	jmp stub_loop
	.cfi_endproc
	.size stub_loop, . - stub_loop

	.text
/* long stub_syscall(nr, a1, a2, a3, a4, a5, a6) */
	.globl stub_syscall
	.type stub_syscall, @function
stub_syscall:
	.cfi_startproc
	movq %rdi, %rax
	movq %rsi, %rdi
	movq %rdx, %rsi
	movq %rcx, %rdx
	movq %r8, %r10
	movq %r9, %r8
	movq 8(%rsp), %r9
	syscall
	ret
	.cfi_endproc
	.size stub_syscall, . - stub_syscall

/* long stub_clone(flags, area of the new thread): the new thread starts in stub_thread_start(area). */
	.globl stub_clone
	.type stub_clone, @function
stub_clone:
	.cfi_startproc
	pushq %rbx
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbx, 0
	movq %rsi, %rbx
	leaq AREA_STACK_END(%rsi), %rsi
	xorl %edx, %edx
	xorl %r10d, %r10d
	xorl %r8d, %r8d
	movl $56, %eax
	syscall
	testq %rax, %rax
	jz 3f
	popq %rbx
	.cfi_adjust_cfa_offset -8
	.cfi_restore %rbx
	ret
3:	movl $157, %eax /* prctl(PR_SET_PDEATHSIG, SIGKILL): umk waits for this call */
	movl $1, %edi
	movl $9, %esi
	syscall
	movq %rbx, %rdi
	jmp stub_thread_start
	.cfi_endproc
	.size stub_clone, . - stub_clone

/* void stub_thread_start(area): makes the calling host thread the one of @area and enters its wait loop. Never returns;
 * the caller's stack is left. */
	.globl stub_thread_start
	.type stub_thread_start, @function
stub_thread_start:
	.cfi_startproc
	.cfi_undefined %rip
	movq %rdi, %rbx
	leaq AREA_STACK_END(%rbx), %rsp
	call stub_thread_init
	jmp stub_loop
	.cfi_endproc
	.size stub_thread_start, . - stub_thread_start

/* Outside the range that the filter allows: the call traps, and stub_signal() finds the site in eax. */
	.section .stub.miss, "ax", @progbits
	.globl stub_miss
	.type stub_miss, @function
stub_miss:
	syscall
	ud2
	.size stub_miss, . - stub_miss
	.section .note.GNU-stack, "", @progbits
