/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A language tag (RFC 5646) such as {@code de} or {@code de-ch}, in lower case. Made by {@link #parse} only, so that it
 * can stand in a file name.
 */
public final class Language {
    public static final Language ENGLISH = new Language("en");

    private static final Pattern TAG = Pattern.compile("[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,4}");

    /** RFC 3282 sets no limit; nobody writes in more languages. */
    private static final int MOST = 10;

    private final String tag;

    private Language(String tag) {
        this.tag = tag;
    }

    /** Empty when this is no language tag. */
    public static Optional<Language> parse(String text) {
        String tag = text.strip().toLowerCase(Locale.ROOT).replace('_', '-');
        return TAG.matcher(tag).matches() ? Optional.of(new Language(tag)) : Optional.empty();
    }

    /** The tags of a {@code Content-Language} field (RFC 3282), in its order; what is none is passed over. */
    public static List<Language> parseList(String field) {
        return Arrays.stream(field.split(",", MOST + 1))
                .limit(MOST)
                .flatMap(tag -> parse(tag).stream())
                .toList();
    }

    /** This language, then what it falls back to, {@code de-ch} to {@code de} (RFC 4647 §3.4). */
    public List<Language> range() {
        List<Language> range = new ArrayList<>();
        String rest = tag;
        while (true) {
            range.add(new Language(rest));
            int end = rest.lastIndexOf('-');
            if (end < 0) {
                return range;
            }
            // A single character only introduces what follows it.
            boolean single = end >= 2 && rest.charAt(end - 2) == '-';
            rest = rest.substring(0, single ? end - 2 : end);
        }
    }

    public String tag() {
        return tag;
    }

    /** For the names of months and days. */
    Locale locale() {
        return Locale.forLanguageTag(tag);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Language language && language.tag.equals(tag);
    }

    @Override
    public int hashCode() {
        return tag.hashCode();
    }

    @Override
    public String toString() {
        return tag;
    }
}
