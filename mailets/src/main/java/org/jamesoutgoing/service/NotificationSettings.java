/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.util.List;
import java.util.Optional;
import org.jamesoutgoing.dsn.ReturnLimits;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.jamesoutgoing.dsn.template.Introduction;
import org.jamesoutgoing.dsn.template.Language;

/**
 * Which DSNs a mailet makes.
 *
 * @param kind what is told
 * @param defaultStatus enhanced status code (RFC 3463) for mail that says nothing of its own
 * @param author in whose name
 * @param subjectPrefix see {@link org.jamesoutgoing.dsn.DsnPreferences}
 * @param introduction see {@link org.jamesoutgoing.dsn.DsnPreferences}
 * @param returned how much of the original goes back
 * @param languages when the original does not say in which it is written, the most wanted one first
 * @param host our own name
 */
public record NotificationSettings(
        DsnKind kind,
        Optional<String> defaultStatus,
        Author author,
        Optional<String> subjectPrefix,
        Optional<Introduction> introduction,
        ReturnLimits returned,
        List<Language> languages,
        String host) {

    /** Who stands in {@code From}; the envelope sender is always {@code <>}. */
    public sealed interface Author {
        /** As the template says, which without a word about it is the postmaster. */
        record OfTemplate() implements Author {}

        /** James's postmaster, whatever a template says. */
        record Postmaster() implements Author {}

        /** The original's sender, who gets the DSN too. */
        record OriginalSender() implements Author {}

        /** @param mailbox an address, perhaps with a name */
        record Given(String mailbox) implements Author {}
    }

    public NotificationSettings {
        languages = List.copyOf(languages);
    }
}
