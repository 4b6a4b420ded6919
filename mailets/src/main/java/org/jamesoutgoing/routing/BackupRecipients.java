/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** For which recipients of a domain a backup mail server takes mail. */
public sealed interface BackupRecipients
        permits BackupRecipients.Any, BackupRecipients.Ask, BackupRecipients.Listed, RecipientFile {

    String ALLOWED = "any, ask, the local parts of the valid recipients, separated by commas, or file:path of a list";

    /** Every one: what the main server does not want later comes back as a failure message. */
    record Any() implements BackupRecipients {}

    /** Those the main server takes, which is asked at {@code RCPT} time; while it cannot be reached, every one. */
    record Ask() implements BackupRecipients {}

    /** Those of a list. Local parts in lower case: no main server of today tells them apart by case. */
    record Listed(Set<String> localParts) implements BackupRecipients {
        public Listed {
            localParts = Set.copyOf(localParts);
        }

        public boolean has(String localPart) {
            return localParts.contains(LocalParts.canonical(localPart));
        }
    }

    /** @throws IllegalArgumentException when it is none of {@link #ALLOWED} */
    static BackupRecipients parse(String text) {
        if (text.startsWith(RecipientFile.PREFIX)) {
            return new RecipientFile(Path.of(text.substring(RecipientFile.PREFIX.length())));
        }
        if (text.equalsIgnoreCase("any")) {
            return new Any();
        }
        if (text.equalsIgnoreCase("ask")) {
            return new Ask();
        }
        return new Listed(Arrays.stream(text.split(",", -1))
                .map(BackupRecipients::localPart)
                .collect(Collectors.toSet()));
    }

    private static String localPart(String text) {
        String part = text.trim();
        if (part.isEmpty() || part.chars().anyMatch(c -> c <= ' ' || c == '@' || c == 0x7f)) {
            throw new IllegalArgumentException();
        }
        return LocalParts.canonical(part);
    }
}
