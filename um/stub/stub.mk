# The stub image: a static program without libc at fixed addresses (um/stub.h, stub.lds).
STUB_SRC := um/stub/entry.S um/stub/stub.c um/stub/zygote.c
STUB_OBJ := $(patsubst um/stub/%,$(O)/um/stub/%.o,$(basename $(STUB_SRC)))
STUB_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -ffreestanding -fno-builtin -nostdlib -fPIE -fvisibility=hidden \
	-mgeneral-regs-only -fno-stack-protector -fcf-protection=none -fno-tree-loop-distribute-patterns -Iinclude -Ium
STUB_LDFLAGS := -nostdlib -static -no-pie -Wl,-T,um/stub/stub.lds -Wl,--build-id=none -Wl,-z,noexecstack -Wl,-z,max-page-size=4096

$(O)/um/stub/%.o: um/stub/%.c um/stub.h um/stub/stub.h
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(STUB_CFLAGS) -MMD -c $< -o $@
$(O)/um/stub/%.o: um/stub/%.S um/stub.h
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(STUB_CFLAGS) -MMD -c $< -o $@
$(O)/stub.elf: $(STUB_OBJ) um/stub/stub.lds
	@echo "  LD      $@"
	$(Q)$(CC) $(STUB_LDFLAGS) $(STUB_OBJ) -o $@

# Its filter: the table in filter.c and libseccomp, which only the build needs, make a C file.
SECCOMP_FLAGS := $(shell $(PKG_CONFIG) --cflags --libs libseccomp 2>/dev/null || echo -lseccomp)
$(O)/tools/stub-filter: um/stub/filter.c um/stub.h um/zygote.h $(O)/flags
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(COMMON) -iquote include -iquote um -D_GNU_SOURCE= -no-pie $(SANLINK) -o $@ $< $(SECCOMP_FLAGS)
$(O)/gen/stub_filter.c: $(O)/tools/stub-filter
	@mkdir -p $(@D)
	@echo "  GEN     $@"
	$(Q)$< >$@.tmp && mv $@.tmp $@
$(O)/gen/stub_filter.o: $(O)/gen/stub_filter.c um/zygote.h
	$(Q)$(CC) $(UFLAGS) -c -o $@ $<
