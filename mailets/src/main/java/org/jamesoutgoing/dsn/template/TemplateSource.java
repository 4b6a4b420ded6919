/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where templates come from. Thread-safe; may block on a disk. */
public interface TemplateSource {
    /** Told to the administrator; in the order in which they are asked. */
    enum Origin {
        RUNTIME,
        FILE,
        BUILT_IN
    }

    Origin origin();

    /** Exactly this one: what a language falls back to is not looked for here. */
    Optional<Template> find(TemplateName name);

    /** All that {@link #find} has. */
    Set<TemplateName> names();

    /** What is there and cannot be used, with what is wrong in one line. */
    default Map<TemplateName, String> problems() {
        return Map.of();
    }
}
