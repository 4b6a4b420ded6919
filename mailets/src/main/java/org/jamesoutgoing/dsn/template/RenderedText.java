/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.util.Optional;

/**
 * The part of a notification that is for a person. All that templates and languages may decide: the machine-readable
 * parts never come from words. Values of strangers may stand in all of it, so whoever writes it into a header makes it
 * fit for that.
 *
 * @param subject any script
 * @param from an address, perhaps with a name, if the template gives one
 * @param replyTo the same
 * @param text lines ended by {@code \n}; any script
 * @param html the same in HTML, if the template has it
 */
public record RenderedText(
        String subject, Optional<String> from, Optional<String> replyTo, String text, Optional<String> html) {
    public RenderedText(String subject, String text) {
        this(subject, Optional.empty(), Optional.empty(), text, Optional.empty());
    }
}
