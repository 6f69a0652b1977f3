# shellcheck disable=SC2005,SC2006
# A comment of @COMMENT@
echo "in quotes: @QUOTES@"
echo ${DEFAULT:-@DEFAULT@}
echo $(ls @COMMAND@)
echo prefix-@PART@
cat <<END
@HERE@
END
echo `date` @BEHIND@
