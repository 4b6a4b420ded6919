/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.nio.file.Path;
import org.apache.james.filesystem.api.FileSystem;

/** James's files below one directory. */
record DirectoryFileSystem(Path directory) implements FileSystem {

    @Override
    public InputStream getResource(String url) {
        throw new UnsupportedOperationException(url);
    }

    @Override
    public File getFile(String fileUrl) throws FileNotFoundException {
        if (!fileUrl.startsWith(FILE_PROTOCOL)) {
            throw new FileNotFoundException(fileUrl);
        }
        return directory.resolve(fileUrl.substring(FILE_PROTOCOL.length())).toFile();
    }

    @Override
    public File getBasedir() {
        return directory.toFile();
    }
}
