# umk's build.
#
#   make                 build/umk
#   make run             set up the machine, build, and take a tour
#   make check           set up the machine, build, and run the tests
#   make O=DIR           another build folder
#   make SAN=address,undefined
#
# tools/tests.mk has the tests, tools/lint.mk the checks of the layers.

SAN ?=
O ?= $(if $(SAN),build/san,build)
V ?= 0
JOBS ?= $(shell nproc)
Q = $(if $(filter 0,$(V)),@)

CC = gcc
OBJCOPY = objcopy
PKG_CONFIG = pkg-config

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.SECONDARY:
.DELETE_ON_ERROR:

all: $(O)/umk

# ---- flags ----
WARN = -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers \
	-Wmissing-prototypes -Wstrict-prototypes -Wvla -Wundef \
	-Werror=implicit-function-declaration -Werror=incompatible-pointer-types -Werror=int-conversion
ifeq ($(SAN),)
OPT = -O2 -g -fcf-protection=none
else
# Guest pointers may be any number, NULL too: the address of a field is computed from them, never used. A NULL that is used
# is a fault without this check as well.
OPT = -O1 -g -fcf-protection=none -fno-omit-frame-pointer -fsanitize=$(SAN) -fno-sanitize-recover=undefined \
	-fno-sanitize=alignment,pointer-overflow,null
SANLINK = -fsanitize=$(SAN)
endif
COMMON = -std=gnu11 -fms-extensions $(OPT) $(WARN) -fno-strict-aliasing -fno-common -fno-pie
# kernel/ and net/ see the compiler's headers, include/ and the uapi headers that $(O)/uapi links to; never libc's.
GCC_INCLUDE := $(shell $(CC) -print-file-name=include 2>/dev/null)
FREESTANDING = -ffreestanding -nostdinc -isystem $(GCC_INCLUDE) -Iinclude -isystem $(O)/uapi
# -MD, not -MMD: the check of include directions reads the lists.
KFLAGS = $(COMMON) $(FREESTANDING) -MD -MP -fno-ipa-icf $(if $(SAN),,-Wframe-larger-than=2048) $(EXTRA)
# um/ includes the waist by its name in quotes; <...> is libc's.
UFLAGS = $(COMMON) -MMD -MP -iquote include -iquote um -D_GNU_SOURCE= -pthread $(LIB_CFLAGS) $(EXTRA)
LIB_CFLAGS := $(shell $(PKG_CONFIG) --cflags libunwind libunwind-generic 2>/dev/null)
# umk starts as often as the programs that it runs: without the dynamic linker that takes 1.5 ms less. A sanitizer needs it,
# and not every system has the libraries' archives.
LINK_PROBE = echo 'int main(void){return 0;}' | $(CC) -static -x c -o /dev/null -
STATIC ?= $(if $(SAN),,$(shell $(LINK_PROBE) -lunwind-generic -lunwind -llzma 2>/dev/null && echo -static -Wl,--eh-frame-hdr))
LIBS := -Wl,--as-needed $(shell $(PKG_CONFIG) $(if $(STATIC),--static) --libs libunwind libunwind-generic 2>/dev/null || echo -lunwind-generic -lunwind) -pthread

# ---- sources ----
UM_C = $(wildcard um/*.c)
UM_S = $(wildcard um/*.S)
KERNEL_C = $(wildcard kernel/*.c kernel/*/*.c)
KERNEL_S = $(wildcard kernel/*.S kernel/*/*.S)
NET_C = $(wildcard net/*.c net/*/*.c)

UM_OBJ = $(UM_C:%.c=$(O)/%.o) $(UM_S:%.S=$(O)/%.o) $(O)/gen/stub_filter.o
KERNEL_OBJ = $(KERNEL_C:%.c=$(O)/%.o) $(KERNEL_S:%.S=$(O)/%.o) $(O)/gen/syscall_table.o
NET_OBJ = $(NET_C:%.c=$(O)/%.o)
# The host of unit tests and of fuzz targets; changes of host directories are the host's own there, too.
UNIT_FAKES = $(patsubst %.c,$(O)/%.o,$(wildcard tests/unit/fake_*.c))
UNIT_HOST = $(UNIT_FAKES) $(O)/um/dirwatch.o $(O)/um/fskind.o

# ---- rules ----
# A build folder remembers its flags: other flags, other objects.
FLAGS_NOW = $(CC) $(KFLAGS)
$(O)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FLAGS_NOW)' | cmp -s - $@ || echo '$(FLAGS_NOW)' >$@

$(O)/uapi/stamp: tools/stage-uapi.sh
	@sh tools/stage-uapi.sh $(O)/uapi
	@touch $@

$(O)/gen/syscall_table.c: kernel/syscall.tbl tools/gen-table.awk
	@mkdir -p $(@D)
	@echo "  GEN     $@"
	$(Q)awk -f tools/gen-table.awk kernel/syscall.tbl >$@.tmp && mv $@.tmp $@

$(O)/gen/syscall_table.o: $(O)/gen/syscall_table.c $(O)/flags | $(O)/uapi/stamp
	@echo "  CC      $@"
	$(Q)$(CC) $(KFLAGS) -c -o $@ $<

$(O)/kernel/%.o: kernel/%.c $(O)/flags | $(O)/uapi/stamp
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(KFLAGS) -c -o $@ $<
$(O)/kernel/%.o: kernel/%.S $(O)/flags | $(O)/uapi/stamp
	@mkdir -p $(@D)
	@echo "  AS      $<"
	$(Q)$(CC) $(KFLAGS) -c -o $@ $<
$(O)/net/%.o: net/%.c $(O)/flags | $(O)/uapi/stamp
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(KFLAGS) -c -o $@ $<
$(O)/um/%.o: um/%.c $(O)/flags
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(UFLAGS) -c -o $@ $<
$(O)/um/%.o: um/%.S $(O)/flags
	@mkdir -p $(@D)
	@echo "  AS      $<"
	$(Q)$(CC) $(UFLAGS) -c -o $@ $<

# The stub's own rules make $(O)/stub.elf.
include um/stub/stub.mk

$(O)/gen/stub_image.o: tools/stub_image.S $(O)/stub.elf
	@mkdir -p $(@D)
	$(Q)$(OBJCOPY) --strip-all $(O)/stub.elf $(O)/gen/stub.elf
	$(Q)$(CC) -c -DSTUB_ELF='"$(O)/gen/stub.elf"' -o $@ $<

$(O)/libkernel.a: $(KERNEL_OBJ) $(NET_OBJ)
	@rm -f $@
	@echo "  AR      $@"
	$(Q)ar rcs $@ $^

$(O)/umk: $(UM_OBJ) $(KERNEL_OBJ) $(NET_OBJ) $(O)/gen/stub_image.o
	@echo "  LD      $@"
	$(Q)$(CC) -no-pie $(STATIC) $(SANLINK) -o $@ $^ $(LIBS)

# ---- the two commands ----
run:
	@sh tools/setup.sh run
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@sh tools/tour.sh $(O)/umk

STAGES = all-summary lint-layers check-unit check-guest check-fuzz-diff check-fuzz-net check-packetdrill check-scripts check-oldkernel check-tour check-coverage
check:
	@sh tools/setup.sh check
	@mkdir -p $(O) && rm -f $(O)/coverage
	@MAKE='$(MAKE) O=$(O) SAN=$(SAN)' UMK_COVERAGE='$(abspath $(O))/coverage' TIMEOUT_SCALE=$(if $(SAN),6,1) sh tests/run-all $(STAGES)

all-summary:
	@if $(MAKE) --no-print-directory -j$(JOBS) all; then echo "build: 1 passed, 0 failed"; \
	else echo "build: 0 passed, 1 failed"; exit 1; fi

clean:
	rm -rf $(O)

FORCE:
.PHONY: all all-summary clean FORCE run check

-include $(wildcard tools/*.mk)
-include $(UM_OBJ:.o=.d) $(KERNEL_OBJ:.o=.d) $(NET_OBJ:.o=.d) $(STUB_OBJ:.o=.d)
