# Puts the files of a pilot where it runs, for its account alone. POSIX sh, in the container before the pilot's.
umask 077
mkdir -p /spinor/work && cp -L /spinor-files/* /spinor/work/ && chmod 600 /spinor/work/*
