/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * An administrator's own sentences in place of those a template begins with. What follows them, the recipients and how it
 * went with each, is what follows in our own templates. They are text, never a template, and there is no HTML with them.
 * Thread-safe.
 */
public final class Introduction {
    private static final String MACHINE = "[machine]";
    private static final String RECIPIENTS = "{{#" + Variable.RECIPIENTS + "}}";

    private final String text;
    /** Our own templates without their beginnings. */
    private final Templates details = new Templates(List.of(), new BuiltInTemplates(Introduction::fromTheRecipientsOn));

    /** @param text any script and any lines; {@code [machine]} in it stands for the name of this mail server */
    public Introduction(String text) {
        this.text = text.replaceAll("\\R", "\n")
                .replaceAll("[\\p{Cntrl}&&[^\n\t]]", " ")
                .strip();
    }

    /**
     * The words with these sentences.
     *
     * @param usual the words without them: their subject and their addresses stay
     * @param machine the name of this mail server
     * @param wanted the language of these sentences
     * @param values gives the values of all variables in a language
     */
    public RenderedText before(
            RenderedText usual,
            DsnKind kind,
            String machine,
            List<Language> wanted,
            Function<Language, Map<String, Object>> values) {
        String rest = details.fill(kind, wanted, values).map(RenderedText::text).orElseGet(() -> "\n" + usual.text());
        return new RenderedText(
                usual.subject(),
                usual.from(),
                usual.replyTo(),
                text.replace(MACHINE, machine) + "\n" + rest,
                Optional.empty());
    }

    private static String fromTheRecipientsOn(String source) {
        return "Subject: -\n\n" + source.substring(source.indexOf(RECIPIENTS));
    }
}
