# bash completion for umk(1): options and their values, then the program's own completion.
_umk()
{
	local cur prev words cword i
	_init_completion -n = 2>/dev/null || {
		cur=${COMP_WORDS[COMP_CWORD]} words=("${COMP_WORDS[@]}") cword=$COMP_CWORD
	}
	# The first word that is no option of umk's is the program: what follows is completed as for it.
	for ((i = 1; i < cword; i++)); do
		case ${words[i]} in
		--) ((i++)); break ;;
		-o) ((i++)) ;;
		-*) ;;
		*) break ;;
		esac
	done
	if ((i < cword)); then
		if declare -F _command_offset >/dev/null; then
			_command_offset "$i"
		else
			COMPREPLY=($(compgen -f -- "$cur"))
		fi
		return
	fi
	case $cur in
	--trap=*) COMPREPLY=($(compgen -W "auto seccomp ptrace" -- "${cur#*=}")) ;;
	--rewrite=*) COMPREPLY=($(compgen -W "on off" -- "${cur#*=}")) ;;
	--time=*) COMPREPLY=($(compgen -W "real virtual" -- "${cur#*=}")) ;;
	--root=* | --cwd=* | --core=* | --host-unix=*) COMPREPLY=($(compgen -d -- "${cur#*=}")) ;;
	--bind=* | --output=* | --pcap=*) COMPREPLY=($(compgen -f -- "${cur#*=}")) ;;
	--env=*) COMPREPLY=($(compgen -v -- "${cur#*=}")) ;;
	-*)
		# what umk itself says that it has
		COMPREPLY=($(compgen -W "$("${words[0]}" --help 2>/dev/null |
			sed -n 's/^ *\(-[a-z], \)\{0,1\}\(--[a-z-]*=\{0,1\}\).*/\2/p') -o -v -h" -- "$cur"))
		[[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace
		;;
	*) COMPREPLY=($(compgen -c -- "$cur") $(compgen -f -- "$cur")) ;;
	esac
}
complete -F _umk umk
