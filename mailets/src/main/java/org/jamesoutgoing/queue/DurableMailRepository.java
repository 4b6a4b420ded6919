/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import javax.inject.Inject;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.mailrepository.api.MailRepositoryUrl;

/**
 * The earlier name of {@link org.jamesoutgoing.repository.DurableMailRepository}, for a {@code mailrepositorystore.xml} that
 * has it.
 */
public final class DurableMailRepository extends org.jamesoutgoing.repository.DurableMailRepository {
    @Inject
    public DurableMailRepository(MailRepositoryUrl url, FileSystem fileSystem) {
        super(url, fileSystem);
    }
}
