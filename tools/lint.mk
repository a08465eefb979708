# Checks of the layers and of what the compiler made (tools/check-layers.sh), and clang's look at guest pointers.

CHECK_ENV = O='$(O)' CC='$(CC)' KFLAGS='$(filter-out -MMD -MD -MP,$(KFLAGS))' UFLAGS='$(filter-out -MMD -MP,$(UFLAGS))' \
	SAN='$(SAN)' KERNEL_OBJ='$(KERNEL_OBJ)' NET_OBJ='$(NET_OBJ)' UM_OBJ='$(UM_OBJ)'

lint-layers: $(O)/umk
	@$(CHECK_ENV) sh tools/check-layers.sh

# A guest pointer that is dereferenced is an error here.
CLANG = clang
lint:
	@sh tools/setup.sh lint
	@$(MAKE) --no-print-directory lint-clang
lint-clang: $(O)/uapi/stamp
	@fail=0; for f in $(KERNEL_C) $(NET_C); do \
		$(CLANG) -fsyntax-only -std=gnu11 -fms-extensions -Wno-microsoft-anon-tag -ffreestanding -nostdinc -isystem $$($(CLANG) -print-resource-dir)/include \
			-Iinclude -isystem $(O)/uapi -Wall -Wno-unused-function -Wno-address-of-packed-member \
			-Werror=noderef -Werror=incompatible-pointer-types $$f || fail=1; \
	done; \
	if echo '#include "types.h"\nint f(int __user *p); int f(int __user *p) { return *p; }' | \
		$(CLANG) -fsyntax-only -std=gnu11 -Iinclude -Werror=noderef -x c - 2>/dev/null; \
	then echo "lint: a dereferenced guest pointer is not noticed"; fail=1; fi; \
	exit $$fail
.PHONY: lint-layers lint lint-clang
