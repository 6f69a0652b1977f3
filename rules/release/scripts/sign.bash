cosign sign --yes --recursive "$NAME@$DIGEST"
