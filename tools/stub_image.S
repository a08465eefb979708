/* The stub's ELF image, carried inside umk. */
	.section .rodata
	.balign 4096
	.globl stub_image_start, stub_image_end
	.type stub_image_start, @object
stub_image_start:
	.incbin STUB_ELF
stub_image_end:
	.size stub_image_start, . - stub_image_start
	.section .note.GNU-stack, "", @progbits
