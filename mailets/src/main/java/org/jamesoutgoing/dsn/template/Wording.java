/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that decides in which words something is told. Thread-safe.
 *
 * @param templates the whole of it
 * @param phrasebooks the reasons in it
 */
public record Wording(Templates templates, Phrasebooks phrasebooks) {
    /** Ours, and nothing else. */
    public static Wording builtIn() {
        return new Wording(new Templates(List.of()), new Phrasebooks(Optional.empty()));
    }

    /**
     * With the administrator's templates and reasons before ours.
     *
     * @param directory such as {@code conf/outgoing-templates}; it need not be there
     * @param runtime the templates made at run time, before all others
     */
    public static Wording of(Path directory, Optional<TemplateSource> runtime) {
        return of(Optional.of(directory), runtime);
    }

    /**
     * With the administrator's templates and reasons before ours.
     *
     * @param directory of his files, if there is a place for one
     * @param runtime the templates made at run time, before all others
     */
    public static Wording of(Optional<Path> directory, Optional<TemplateSource> runtime) {
        List<TemplateSource> before = new ArrayList<>(2);
        runtime.ifPresent(before::add);
        directory.map(TemplateFiles::new).ifPresent(before::add);
        return new Wording(new Templates(before), new Phrasebooks(directory));
    }
}
