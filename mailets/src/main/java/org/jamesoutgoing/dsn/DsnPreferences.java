/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import org.jamesoutgoing.dsn.template.Introduction;
import org.jamesoutgoing.dsn.template.RenderedText;
import org.jamesoutgoing.dsn.template.Wording;

/**
 * What an administrator wants otherwise than the templates have it.
 *
 * @param from in place of the template's {@code From}, or ours: an address, perhaps with a name; what is none counts as
 *     not given
 * @param subjectPrefix the subject is this and the original's subject; if that has none, this and the template's
 * @param introduction what the words begin with; it stands in one language, that of the request
 */
public record DsnPreferences(
        Optional<String> from, Optional<String> subjectPrefix, Optional<Introduction> introduction) {

    private static final int LONGEST_SUBJECT = 250;

    public DsnPreferences {
        requireNonNull(from, "from");
        requireNonNull(subjectPrefix, "subjectPrefix");
        requireNonNull(introduction, "introduction");
    }

    /** @param usual by the templates */
    RenderedText words(List<DsnFacts> mails, Wording wording, RenderedText usual) {
        DsnFacts facts = mails.get(0);
        RenderedText addressed = new RenderedText(
                subjectPrefix.map(prefix -> prefixed(prefix, facts, usual)).orElse(usual.subject()),
                from.or(usual::from),
                usual.replyTo(),
                usual.text(),
                usual.html());
        return introduction
                .map(sentences -> sentences.before(
                        addressed,
                        facts.request().kind(),
                        facts.host(),
                        facts.request().languages(),
                        language ->
                                TemplateValues.of(mails, wording.phrasebooks().in(language))))
                .orElse(addressed);
    }

    private static String prefixed(String prefix, DsnFacts facts, RenderedText usual) {
        return prefix + " " + facts.original().subject(LONGEST_SUBJECT).orElse(usual.subject());
    }
}
