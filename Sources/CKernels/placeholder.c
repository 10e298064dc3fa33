int blz_placeholder;
