/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.settings;

import java.util.Collection;
import java.util.Locale;

/**
 * A setting that cannot be used. Its message is one line that begins with the setting's name in quotes; who knows where it
 * stood puts that before it. No message holds a secret.
 */
public final class OptionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final String option;

    private OptionException(String option, String message) {
        super(message);
        this.option = option;
    }

    /** @param problem continues the sentence that begins with the name, and says what is allowed */
    public static OptionException of(String option, String problem) {
        return new OptionException(option, "'" + oneLine(option) + "' " + problem);
    }

    /** The value is not one of those allowed. */
    public static OptionException wrong(String option, String value, String allowed) {
        boolean secret = option.toLowerCase(Locale.ROOT).contains("password");
        return of(option, "is '" + (secret ? "***" : oneLine(value)) + "'; allowed: " + allowed);
    }

    /**
     * There is none of this name.
     *
     * @param kind what it was taken for
     * @param known what there is
     */
    public static OptionException unknown(String name, String kind, Collection<String> known) {
        return of(
                name,
                "is no " + kind
                        + NearestName.nearest(name, known)
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse(";")
                        + " allowed: " + String.join(", ", known));
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\s\\p{Cntrl}]+", " ");
    }

    /** Which setting it is. */
    public String option() {
        return option;
    }
}
