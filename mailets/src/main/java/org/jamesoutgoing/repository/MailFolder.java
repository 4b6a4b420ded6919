/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.repository;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import javax.mail.MessagingException;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.server.core.MimeMessageInputStream;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of a {@link DurableMailRepository}: one file a mail. Thread-safe within one James; several must not share a
 * folder.
 */
public final class MailFolder implements MailRepository {

    private static final Logger LOGGER = LoggerFactory.getLogger(MailFolder.class);
    private static final String WHOLE = ".mail";
    private static final String UNFINISHED = ".new";

    private final Path directory;

    private MailFolder(Path directory) {
        this.directory = directory;
    }

    /**
     * Over this directory, which is made if it is not there.
     *
     * @throws IOException when it cannot be used
     */
    public static MailFolder at(Path directory) throws IOException {
        Files.createDirectories(directory);
        try (Stream<Path> files = Files.list(directory)) {
            // Of a process that was killed while it wrote: the mail is still where it came from.
            for (Path unfinished :
                    files.filter(path -> path.toString().endsWith(UNFINISHED)).toList()) {
                Files.delete(unfinished);
            }
        }
        return new MailFolder(directory);
    }

    @Override
    public MailKey store(Mail mail) throws MessagingException {
        MailKey key = MailKey.forMail(mail);
        Path whole = file(key);
        Path unfinished = whole.resolveSibling(whole.getFileName() + UNFINISHED);
        try {
            try (FileOutputStream file = new FileOutputStream(unfinished.toFile());
                    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(file))) {
                try (InputStream message = new MimeMessageInputStream(mail.getMessage())) {
                    MailFile.write(mail, message, out);
                }
                out.flush();
                file.getFD().sync();
            }
            Files.move(unfinished, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceDirectory();
            return key;
        } catch (IOException | RuntimeException e) {
            deleteQuietly(unfinished);
            throw new MessagingException("mail " + key.asString() + " cannot be stored: " + e.getMessage(), e);
        }
    }

    /** The names of the files must be on the disk as well as what is in them. */
    private void forceDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public Mail retrieve(MailKey key) throws MessagingException {
        Path whole = file(key);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(whole)))) {
            return MailFile.read(whole, in);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException | ClassNotFoundException | RuntimeException e) {
            throw new MessagingException("mail " + key.asString() + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void remove(MailKey key) throws MessagingException {
        try {
            Files.deleteIfExists(file(key));
        } catch (IOException e) {
            throw new MessagingException("mail " + key.asString() + " cannot be removed: " + e.getMessage(), e);
        }
    }

    @Override
    public Iterator<MailKey> list() throws MessagingException {
        return keys().iterator();
    }

    @Override
    public long size() throws MessagingException {
        return keys().size();
    }

    @Override
    public void removeAll() throws MessagingException {
        remove(keys());
    }

    private List<MailKey> keys() throws MessagingException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(WHOLE))
                    .map(name -> name.substring(0, name.length() - WHOLE.length()))
                    .map(name -> new MailKey(URLDecoder.decode(name, StandardCharsets.UTF_8)))
                    .toList();
        } catch (IOException | RuntimeException e) {
            throw new MessagingException("the mails in " + directory + " cannot be listed: " + e, e);
        }
    }

    private Path file(MailKey key) {
        // Keys of ours are plain; others may be anything, and must not leave the directory.
        return directory.resolve(URLEncoder.encode(key.asString(), StandardCharsets.UTF_8) + WHOLE);
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOGGER.debug("{} stays until the next start", file, e);
        }
    }
}
