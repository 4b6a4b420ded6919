/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.repository;

import com.github.fge.lambdas.Throwing;
import com.google.inject.Inject;
import java.io.IOException;
import java.util.Iterator;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.mailrepository.api.Initializable;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.mailet.Mail;
import org.jamesoutgoing.james.RunningJames;

/**
 * A mail repository on disk that can be trusted with waiting mail: one file a mail, written under another name, forced to
 * the disk and renamed, so that it is there whole or not at all; and what cannot be read is never removed. James's own file
 * repository does none of this: it deletes a mail that it fails to read, even if only for want of a file descriptor.
 *
 * <pre>{@code
 * <!-- mailrepositorystore.xml -->
 * <mailrepository class="org.jamesoutgoing.repository.DurableMailRepository">
 *     <protocols>
 *         <protocol>durable</protocol>
 *     </protocols>
 * </mailrepository>
 * }</pre>
 *
 * <p>and {@code <waitingRepository>durable://var/mail/outgoing-waiting</waitingRepository>} on the mailet. Thread-safe
 * within one James; several must not share a directory.
 */
public class DurableMailRepository implements MailRepository, Initializable {

    private final MailRepositoryUrl url;
    private final FileSystem fileSystem;
    private MailFolder folder;

    @Inject
    public DurableMailRepository(MailRepositoryUrl url, FileSystem fileSystem) {
        RunningJames.check();
        this.url = url;
        this.fileSystem = fileSystem;
    }

    @Override
    public void init() throws IOException {
        folder = MailFolder.at(
                fileSystem.getFile("file://" + url.getPath().asString()).toPath());
    }

    @Override
    public MailKey store(Mail mail) {
        return Throwing.supplier(() -> folder.store(mail)).sneakyThrow().get();
    }

    @Override
    public Mail retrieve(MailKey key) {
        return Throwing.supplier(() -> folder.retrieve(key)).sneakyThrow().get();
    }

    @Override
    public void remove(MailKey key) {
        Throwing.runnable(() -> folder.remove(key)).sneakyThrow().run();
    }

    @Override
    public Iterator<MailKey> list() {
        return Throwing.supplier(folder::list).sneakyThrow().get();
    }

    @Override
    public long size() {
        return Throwing.supplier(folder::size).sneakyThrow().get();
    }

    @Override
    public void removeAll() {
        Throwing.runnable(folder::removeAll).sneakyThrow().run();
    }
}
